package io.multishot.verification.jcstress;

/** The value that is sent: a graph of two objects whose plain fields are written one after the other. */
final class Payload {
    /** What {@link #read} returns for a payload that is not complete. No real content is negative. */
    static final int TORN = -1;

    private int content;
    private Payload inner;

    Payload(int content) {
        fill(content);
    }

    /** An empty payload, for the weakened variants that publish first and write later. */
    Payload() {}

    void fill(int content) {
        Payload packed = new Payload();
        packed.content = content;
        inner = packed;
        this.content = content;
    }

    /** Returns the content; 0 if there is no payload. */
    static int read(Payload payload) {
        if (payload == null) {
            return 0;
        }
        Payload inner = payload.inner;
        return inner != null && inner.content == payload.content && payload.content > 0 ? payload.content : TORN;
    }
}
