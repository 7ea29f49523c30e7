package io.multishot.verification.jcstress;

/** The value that travels: a graph of two objects whose plain fields are written one after the other. */
final class Parcel {
    /** What {@link #read} says of a parcel that is not whole. No real content is negative. */
    static final int TORN = -1;

    private int content;
    private Parcel inner;

    Parcel(int content) {
        fill(content);
    }

    /** An empty parcel, for the weakened variants that publish first and write later. */
    Parcel() {}

    void fill(int content) {
        Parcel packed = new Parcel();
        packed.content = content;
        inner = packed;
        this.content = content;
    }

    /** The content; 0 if there is no parcel. */
    static int read(Parcel parcel) {
        if (parcel == null) {
            return 0;
        }
        Parcel inner = parcel.inner;
        return inner != null && inner.content == parcel.content && parcel.content > 0 ? parcel.content : TORN;
    }
}
