package io.multishot.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.ReplyQueue;
import io.multishot.RequestTimeoutException;
import io.multishot.Sender;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
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

    private static final class Before {
        // tag::from-netty-before[]
        static final class Client extends SimpleChannelInboundHandler<String> {
            private final Queue<Promise<String>> inFlight = new ArrayDeque<>();

            Future<String> ask(Channel channel, String question) { // on the event loop
                Promise<String> reply = channel.eventLoop().newPromise();
                inFlight.add(reply);
                channel.writeAndFlush(question);
                return reply;
            }

            @Override
            protected void channelRead0(ChannelHandlerContext context, String answer) {
                inFlight.remove().setSuccess(answer);
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                IOException lost = new IOException("the connection is lost");
                inFlight.forEach(reply -> reply.tryFailure(lost));
            }
        }
        // end::from-netty-before[]
    }

    private static final class After {
        // tag::from-netty-after[]
        static final class Client extends SimpleChannelInboundHandler<String> {
            private final ReplyQueue<String> inFlight = new ReplyQueue<>(1024); // at most so many
            private @Nullable Future<?> ticks;

            void ask(Channel channel, String question, Sender<String> reply, long deadline) { // on the event loop
                if (channel.isActive() && inFlight.open(reply, deadline)) {
                    channel.writeAndFlush(question);
                } else {
                    reply.fail(new IOException("not connected, or too many requests are in flight"));
                }
            }

            @Override
            protected void channelRead0(ChannelHandlerContext context, String answer) {
                inFlight.send(answer); // answers the oldest request, or nobody if that was given up
            }

            @Override
            public void channelActive(ChannelHandlerContext context) {
                Runnable tick = () -> inFlight.expire(System.nanoTime());
                ticks = context.executor().scheduleWithFixedDelay(tick, 10, 10, TimeUnit.MILLISECONDS);
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                inFlight.close(new IOException("the connection is lost"));
                if (ticks != null) {
                    ticks.cancel(false);
                }
            }
        }
        // end::from-netty-after[]
    }

    private final Before.Client oldClient = new Before.Client();
    private final After.Client newClient = new After.Client();
    private final EmbeddedChannel before = new EmbeddedChannel(oldClient);
    private final EmbeddedChannel after = new EmbeddedChannel(newClient);
    private final Receiver<String> first = new Receiver<>();
    private final Receiver<String> second = new Receiver<>();

    @AfterEach
    void close() {
        before.close();
        after.close();
    }

    private void ask(String question, Receiver<String> receiver, long timeout) {
        newClient.ask(after, question, receiver.sender(), System.nanoTime() + timeout);
    }

    /** Lets ten milliseconds pass for the event loop. */
    private void tick() {
        after.advanceTimeBy(10, TimeUnit.MILLISECONDS);
        after.runScheduledPendingTasks();
    }

    @Test
    void bothGiveTheRepliesToTheRequestsInOrder() {
        Future<String> one = oldClient.ask(before, "one");
        Future<String> two = oldClient.ask(before, "two");
        assertThat(before.<String>readOutbound()).isEqualTo("one");
        assertThat(before.<String>readOutbound()).isEqualTo("two");
        before.writeInbound("1", "2");
        assertThat(one.getNow()).isEqualTo("1");
        assertThat(two.getNow()).isEqualTo("2");

        ask("one", first, LONG);
        ask("two", second, LONG);
        assertThat(after.<String>readOutbound()).isEqualTo("one");
        assertThat(after.<String>readOutbound()).isEqualTo("two");
        after.writeInbound("1", "2");
        assertThat(first.take()).isEqualTo("1");
        assertThat(second.take()).isEqualTo("2");
    }

    @Test
    void bothFailWhatIsInFlightWhenTheConnectionIsLost() {
        Future<String> one = oldClient.ask(before, "one");
        before.close();
        assertThat(one.cause()).hasMessage("the connection is lost");

        ask("one", first, LONG);
        after.close();
        assertThat(first.poll(() -> {})).isEqualTo(Poll.FAILED);
        assertThat(first.takeFailure()).hasMessage("the connection is lost");
    }

    @Test
    void aReplyToAPromiseThatWasGivenUpThrowsOnTheEventLoop() {
        oldClient.ask(before, "one").cancel(false);
        assertThatThrownBy(() -> before.writeInbound("1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("complete already");
    }

    @Test
    void aPromiseThatIsRemovedWhenItIsGivenUpShiftsTheReplies() {
        Future<String> one = oldClient.ask(before, "one");
        Future<String> two = oldClient.ask(before, "two");
        one.addListener(done -> oldClient.inFlight.remove(one)); // so that its reply does not throw
        one.cancel(false);
        before.runPendingTasks();
        before.writeInbound("1");
        assertThat(two.getNow()).as("the wrong answer").isEqualTo("1");
    }

    @Test
    void aReplyToARequestThatWasGivenUpReachesNobody() {
        ask("one", first, -1);
        ask("two", second, LONG);
        tick();
        assertThat(first.poll(() -> {})).isEqualTo(Poll.FAILED);
        assertThat(first.takeFailure()).isInstanceOf(RequestTimeoutException.class);

        after.writeInbound("1", "2");
        assertThat(first.poll(() -> {})).as("no round").isEqualTo(Poll.DROPPED);
        assertThat(second.take()).isEqualTo("2");
    }

    @Test
    void aPromiseThatIsMadeAfterTheConnectionIsLostIsNeverDone() {
        before.close();
        assertThat(oldClient.ask(before, "one").isDone()).isFalse();
    }

    @Test
    void aRequestThatIsMadeAfterTheConnectionIsLostFailsAtOnce() {
        after.close();
        ask("one", first, LONG);
        assertThat(first.poll(() -> {})).isEqualTo(Poll.FAILED);
    }

    @Test
    void aQueueThatIsClosedRefusesARequestThatNobodyHasLookedFor() {
        after.close();
        Sender<String> sender = first.sender();
        assertThatThrownBy(() -> newClient.inFlight.open(sender)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneRequestTooManyFailsAtOnce() {
        for (int request = 0; request < newClient.inFlight.capacity(); request++) {
            ask("one of many", new Receiver<>(), LONG);
        }
        ask("one", first, LONG);
        assertThat(first.poll(() -> {})).isEqualTo(Poll.FAILED);
    }
}
