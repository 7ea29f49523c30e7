package io.multishot.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.ReplyQueue;
import io.multishot.RequestTimeoutException;
import io.multishot.Sender;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The migration page's "From Netty promises". */
class FromNettyPromisesTest {
    private static final long LONG = Duration.ofMinutes(1).toNanos();

    /** The handlers of a pipeline, before and after. */
    private static final class Before {
        // tag::from-netty-before[]
        record Request(String question, Promise<String> reply) {}

        static final class Replies extends ChannelDuplexHandler {
            private final Queue<Promise<String>> inFlight = new ArrayDeque<>();

            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
                Request request = (Request) message;
                inFlight.add(request.reply());
                context.write(request.question(), written);
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object answer) {
                inFlight.remove().setSuccess((String) answer);
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                IOException lost = new IOException("the connection is lost");
                inFlight.forEach(reply -> reply.tryFailure(lost));
                context.fireChannelInactive();
            }
        }
        // end::from-netty-before[]
    }

    private static final class After {
        // tag::from-netty-after[]
        record Request(String question, Sender<String> reply, long deadline) {}

        static final class Replies extends ChannelDuplexHandler {
            private final ReplyQueue<String> inFlight = new ReplyQueue<>(1024);
            private @Nullable Future<?> ticks;

            @Override
            public void handlerAdded(ChannelHandlerContext context) {
                ticks = context.executor()
                        .scheduleWithFixedDelay(
                                () -> inFlight.expire(System.nanoTime()), 10, 10, TimeUnit.MILLISECONDS);
            }

            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
                Request request = (Request) message;
                if (context.channel().isActive() && inFlight.open(request.reply(), request.deadline())) {
                    context.write(request.question(), written);
                } else {
                    IOException refused = new IOException("not connected, or too many requests are in flight");
                    request.reply().fail(refused);
                    written.setFailure(refused);
                }
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object answer) {
                inFlight.send((String) answer); // answers the oldest request, or nobody if that was given up
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                inFlight.close(new IOException("the connection is lost"));
                context.fireChannelInactive();
            }

            @Override
            public void handlerRemoved(ChannelHandlerContext context) {
                if (ticks != null) {
                    ticks.cancel(false);
                }
            }
        }
        // end::from-netty-after[]
    }

    private final EmbeddedChannel before = new EmbeddedChannel(new Before.Replies());
    private final EmbeddedChannel after = new EmbeddedChannel(new After.Replies());
    private final Receiver<String> first = new Receiver<>();
    private final Receiver<String> second = new Receiver<>();

    @AfterEach
    void close() {
        before.close();
        after.close();
    }

    private Promise<String> askBefore(String question) {
        Promise<String> reply = before.eventLoop().newPromise();
        before.writeOutbound(new Before.Request(question, reply));
        return reply;
    }

    private void askAfter(String question, Receiver<String> receiver, long timeout) {
        after.writeOutbound(new After.Request(question, receiver.sender(), System.nanoTime() + timeout));
    }

    /** Lets ten milliseconds pass for the event loop. */
    private void tick() {
        after.advanceTimeBy(10, TimeUnit.MILLISECONDS);
        after.runScheduledPendingTasks();
    }

    @Test
    void bothGiveTheRepliesToTheRequestsInOrder() {
        Promise<String> one = askBefore("one");
        Promise<String> two = askBefore("two");
        assertThat(before.<String>readOutbound()).isEqualTo("one");
        assertThat(before.<String>readOutbound()).isEqualTo("two");
        before.writeInbound("1", "2");
        assertThat(one.getNow()).isEqualTo("1");
        assertThat(two.getNow()).isEqualTo("2");

        askAfter("one", first, LONG);
        askAfter("two", second, LONG);
        assertThat(after.<String>readOutbound()).isEqualTo("one");
        assertThat(after.<String>readOutbound()).isEqualTo("two");
        after.writeInbound("1", "2");
        assertThat(first.take()).isEqualTo("1");
        assertThat(second.take()).isEqualTo("2");
    }

    @Test
    void bothFailWhatIsInFlightWhenTheConnectionIsLost() {
        Promise<String> one = askBefore("one");
        before.close();
        assertThat(one.cause()).hasMessage("the connection is lost");

        askAfter("one", first, LONG);
        after.close();
        assertThat(first.poll(() -> {})).isEqualTo(Poll.FAILED);
        assertThat(first.takeFailure()).hasMessage("the connection is lost");
    }

    @Test
    void aReplyToAPromiseThatWasGivenUpThrowsOnTheEventLoop() {
        askBefore("one").cancel(false);
        assertThatThrownBy(() -> before.writeInbound("1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("complete already");
    }

    @Test
    void aReplyToARequestThatWasGivenUpReachesNobody() {
        askAfter("one", first, -1);
        askAfter("two", second, LONG);
        tick();
        assertThat(first.poll(() -> {})).isEqualTo(Poll.FAILED);
        assertThat(first.takeFailure()).isInstanceOf(RequestTimeoutException.class);

        after.writeInbound("1", "2");
        assertThat(first.poll(() -> {})).as("no round").isEqualTo(Poll.DROPPED);
        assertThat(second.take()).isEqualTo("2");
    }

    @Test
    void aPromiseThatIsWrittenAfterTheConnectionIsLostIsNeverDone() {
        before.close();
        Promise<String> reply = before.eventLoop().newPromise();
        assertThat(before.write(new Before.Request("one", reply)).isDone()).isFalse();
        before.flush();
        assertThat(reply.isDone()).isFalse();
    }

    @Test
    void aRequestThatIsWrittenAfterTheConnectionIsLostFailsAtOnce() {
        after.close();
        assertThat(after.write(new After.Request("one", first.sender(), LONG)).cause())
                .isInstanceOf(IOException.class);
        assertThat(first.poll(() -> {})).isEqualTo(Poll.FAILED);
    }

    @Test
    void oneRequestTooManyFailsAtOnce() {
        for (int request = 0; request < 1024; request++) {
            askAfter("one of many", new Receiver<>(), LONG);
        }
        assertThat(after.write(new After.Request("one", first.sender(), LONG)).cause())
                .isInstanceOf(IOException.class);
        assertThat(first.poll(() -> {})).isEqualTo(Poll.FAILED);
    }
}
