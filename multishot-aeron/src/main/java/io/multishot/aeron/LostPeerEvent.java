package io.multishot.aeron;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A peer that was closed or restarted, or was not heard any more. */
@Name("io.multishot.aeron.LostPeer")
@Label("Lost Peer")
@Category({"multishot", "Aeron"})
@StackTrace(false)
final class LostPeerEvent extends Event {
    @Label("Reason")
    String reason = "";

    /** Records a lost peer, if a recording wants it. */
    static void commit(String reason) {
        LostPeerEvent event = new LostPeerEvent();
        if (event.shouldCommit()) {
            event.reason = reason;
            event.commit();
        }
    }
}
