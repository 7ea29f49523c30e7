package io.multishot.aeron;

import java.util.concurrent.TimeUnit;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A reply that came after its request had been given up. */
@Name("io.multishot.aeron.LateReply")
@Label("Late Reply")
@Category({"multishot", "Aeron"})
@Description("A reply that came after its request had been given up, or twice")
@StackTrace(false)
final class LateReplyEvent extends Event {
    @Label("Requester")
    @Description("The number of the requester in its connection")
    int requester;

    @Label("Ticket")
    long ticket;

    @Label("Age")
    @Description("How long ago the request was sent; 0 if it had no patience, or is older than half an hour")
    @Timespan(Timespan.MICROSECONDS)
    long age;

    /** Records a late reply, if a recording wants it. */
    static void commit(int requester, long ticket, int sentMicros) {
        LateReplyEvent event = new LateReplyEvent();
        if (event.shouldCommit()) {
            event.requester = requester;
            event.ticket = ticket;
            int age = (int) TimeUnit.NANOSECONDS.toMicros(System.nanoTime()) - sentMicros;
            event.age = sentMicros == 0 ? 0 : Math.max(age, 0);
            event.commit();
        }
    }
}
