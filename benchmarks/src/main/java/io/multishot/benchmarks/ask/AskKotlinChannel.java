package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.channels.BufferOverflow;
import kotlinx.coroutines.channels.Channel;
import kotlinx.coroutines.channels.ChannelKt;

/** A channel that lives as long as the requester, awaited in runBlocking. */
@Contender("Kotlin Channel(1)")
public class AskKotlinChannel extends ParkingAsk {
    private final Channel<Value> answers = ChannelKt.Channel(1, BufferOverflow.SUSPEND, null);

    /** For JMH. */
    public AskKotlinChannel() {}

    @Override
    Value askAndBlock() throws InterruptedException {
        post(answers);
        return BuildersKt.runBlocking(
                EmptyCoroutineContext.INSTANCE, (scope, continuation) -> answers.receive(continuation));
    }

    @Override
    void answer(Object question, Value value) throws InterruptedException {
        BuildersKt.runBlocking(
                EmptyCoroutineContext.INSTANCE, (scope, continuation) -> answers.send(value, continuation));
    }
}
