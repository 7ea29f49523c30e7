package io.multishot.aeron;

import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.UnavailableImageHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;

/**
 * Hands the images that become unavailable over from the thread of Aeron's client, which reports them, to the engine's
 * thread.
 */
final class UnavailableImages implements UnavailableImageHandler {
    private final Queue<Integer> aeronSessionIds = new ConcurrentLinkedQueue<>();
    private final IntConsumer freeAssemblyBuffer;
    private final IntConsumer listener;

    /**
     * @param freeAssemblyBuffer frees what an assembler has collected of the messages of one Aeron session
     * @param listener gets the Aeron session id of each image
     */
    UnavailableImages(IntConsumer freeAssemblyBuffer, IntConsumer listener) {
        this.freeAssemblyBuffer = freeAssemblyBuffer;
        this.listener = listener;
    }

    @Override
    public void onUnavailableImage(Image image) {
        aeronSessionIds.add(image.sessionId());
    }

    /** Handles the images reported since the last call. The engine's thread. */
    void drain(Subscription subscription) {
        for (Integer id = aeronSessionIds.poll(); id != null; id = aeronSessionIds.poll()) {
            boolean isBack = subscription.imageBySessionId(id) != null;
            if (!isBack) {
                freeAssemblyBuffer.accept(id);
            }
            listener.accept(id);
        }
    }
}
