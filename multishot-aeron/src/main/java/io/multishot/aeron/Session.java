package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.Publication;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/** An asker, as its answerer sees it, and the way back to it. */
final class Session {
    final long asker;

    private final Hello hello;
    private final Image image;
    private final Aeron aeron;
    private final long registration;

    /** Null before the driver has answered. Written on the engine's thread; requests come after that. */
    private @Nullable Publication back;

    /** True when the asker is gone. */
    private volatile boolean closed;

    private long nextBeat;

    Session(Aeron aeron, long asker, Hello hello, Image image, long now) {
        this.aeron = aeron;
        this.asker = asker;
        this.hello = hello;
        this.image = image;
        registration = aeron.asyncAddPublication(hello.channel(), hello.stream());
        nextBeat = now;
    }

    /** Has the asker said the same in its last hello? */
    boolean isOf(Hello other) {
        return hello.equals(other);
    }

    /**
     * Lets the asker know that we are alive, if it is time. Returns how much was done. The engine's thread.
     *
     * @throws io.aeron.exceptions.RegistrationException if the driver refuses the channel back
     */
    int beat(FrameWriter writer, long answerer, long now) {
        Publication to = back;
        if (to == null) {
            to = aeron.getPublication(registration);
            back = to;
        }
        if (to == null || now - nextBeat < 0) {
            return 0;
        }
        nextBeat = now + TimeUnit.MILLISECONDS.toNanos(hello.beatMillis());
        // Back-pressure: the asker hears the replies that cause it.
        Offer unused = writer.write(to, Frame.ALIVE, asker, answerer, 0);
        return 1;
    }

    /** Has the asker vanished without a word? Aeron notices after its image liveness timeout. */
    boolean isLost() {
        return image.isClosed();
    }

    boolean isClosed() {
        return closed;
    }

    /** The way back, for an answer. Any thread that has a request of this session. */
    @Nullable Publication back() {
        return closed ? null : back;
    }

    /** The engine's thread. */
    void close() {
        closed = true;
        Publication to = back;
        if (to == null) {
            aeron.asyncRemovePublication(registration);
        } else {
            CloseHelper.quietClose(to);
        }
    }

    /** Says that nothing more will come, and closes. */
    void sayGoodbye(FrameWriter writer, long answerer) {
        Publication to = back();
        if (to != null) {
            // If this does not arrive, the asker notices the silence.
            Offer unused = writer.write(to, Frame.BYE, asker, answerer, 0);
        }
        close();
    }

    @Override
    public String toString() {
        return "asker at " + hello.channel() + ", stream " + hello.stream();
    }
}
