package io.multishot.interop

import io.multishot.Poll
import io.multishot.Receiver
import io.multishot.SenderDroppedException
import io.multishot.SenderFailedException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import kotlin.coroutines.resume
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.catchThrowable
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test

private val PATIENCE = 1.minutes

/** A channel behind a suspending function, and that function behind a future. */
class KotlinTest {
    private val service = Service()
    private val receiver = Receiver<String>()
    private val job = SupervisorJob()
    private val scope = CoroutineScope(job + Dispatchers.Default)
    private val executor = HeldExecutor()
    private val held = CoroutineScope(job + executor.asCoroutineDispatcher())

    // tag::kotlin[]
    suspend fun ask(question: String): String {
        receiver.abandon() // gives up a round that is no longer awaited
        service.ask(question, receiver.sender())
        return receiver.receiveAsync().await()
    }
    // end::kotlin[]

    // tag::kotlin-take[]
    suspend fun awaitAnswer(timeout: Duration): String {
        withTimeout(timeout) { receiver.awaitArrival() }
        return receiver.take()
    }

    suspend fun Receiver<*>.awaitArrival(): Unit = suspendCancellableCoroutine { waiting ->
        if (poll { waiting.resume(Unit) } != Poll.PENDING) {
            waiting.resume(Unit) // the outcome was there already
        }
    }
    // end::kotlin-take[]

    // tag::kotlin-future[]
    fun askAsync(question: String): CompletableFuture<String> = scope.future { ask(question) }
    // end::kotlin-future[]

    @AfterEach
    fun close() {
        runBlocking { job.cancelAndJoin() }
        receiver.close()
        service.close()
    }

    @Test
    fun aValueArrives() = runBlocking<Unit> {
        assertThat(ask("6 * 7")).isEqualTo("42")
    }

    @Test
    fun aFailureArrivesWithItsVeryCause() = runBlocking<Unit> {
        assertThat(runCatching { ask("1 / 0") }.exceptionOrNull()).isSameAs(service.undefined)
    }

    @Test
    fun aFailureThatCoroutinesCopyHasItsVeryCause() = runBlocking<Unit> {
        val cause = IllegalStateException("full")
        val sender = receiver.sender()
        launch { sender.fail(cause) }
        val seen = runCatching { receiver.receiveAsync().await() }.exceptionOrNull()
        assertThat(generateSequence(seen) { it.cause }.last()).isSameAs(cause)
    }

    @Test
    fun aDropIsThrown() = runBlocking<Unit> {
        assertThat(runCatching { ask("nobody knows") }.exceptionOrNull())
            .isInstanceOf(SenderDroppedException::class.java)
    }

    @Test
    fun aCoroutineGoesOnWhereItsDispatcherSays() = runBlocking<Unit> {
        val before = Thread.currentThread()
        ask("6 * 7")
        assertThat(Thread.currentThread()).isSameAs(before)
    }

    @Test
    fun aCancelledCoroutineLeavesTheValueInTheChannel() = runBlocking<Unit> {
        val asking = launch(start = CoroutineStart.UNDISPATCHED) { ask("why?") }
        asking.cancelAndJoin()
        assertThat(asking.isCancelled).isTrue()
        assertThat(service.answerLate("because")).isTrue()
        assertThat(receiver.receiveAsync().await()).isEqualTo("because")
    }

    @Test
    fun aValueThatAFutureHasReceivedIsLostIfTheCoroutineIsCancelledBeforeItsTurn() {
        val sender = receiver.sender()
        val answer = held.future(start = CoroutineStart.UNDISPATCHED) { receiver.receiveAsync().await() }
        assertThat(sender.send("42")).isTrue()
        assertThat(executor.holds()).isTrue()
        answer.cancel(false)
        executor.run()
        assertThat(catchThrowable { receiver.tryReceive() }).isInstanceOf(SenderDroppedException::class.java)
    }

    @Test
    fun aValueThatIsTakenAfterItsArrivalStaysIfTheCoroutineIsCancelledBeforeItsTurn() {
        val sender = receiver.sender()
        val cancelled = held.future(start = CoroutineStart.UNDISPATCHED) { awaitAnswer(PATIENCE) }
        assertThat(sender.send("42")).isTrue()
        assertThat(executor.holds()).isTrue()
        cancelled.cancel(false)
        executor.run()
        assertThat(runBlocking { awaitAnswer(PATIENCE) }).isEqualTo("42")
    }

    @Test
    fun aValueThatIsTakenAfterItsArrivalStaysAfterATimeout() = runBlocking<Unit> {
        val sender = receiver.sender()
        assertThat(runCatching { awaitAnswer(1.milliseconds) }.exceptionOrNull())
            .isInstanceOf(TimeoutCancellationException::class.java)
        assertThat(sender.send("42")).isTrue()
        assertThat(awaitAnswer(PATIENCE)).isEqualTo("42")
    }

    @Test
    fun aFailureOrADropThatIsTakenAfterItsArrivalIsThrown() = runBlocking<Unit> {
        service.ask("1 / 0", receiver.sender())
        assertThat(runCatching { awaitAnswer(PATIENCE) }.exceptionOrNull())
            .isInstanceOf(SenderFailedException::class.java)
            .cause()
            .isSameAs(service.undefined)
        service.ask("nobody knows", receiver.sender())
        assertThat(runCatching { awaitAnswer(PATIENCE) }.exceptionOrNull())
            .isInstanceOf(SenderDroppedException::class.java)
    }

    @Test
    fun aValueThatIsTakenAfterItsArrivalArrivesInEveryRound() {
        scope.future {
            repeat(1000) {
                service.ask("6 * 7", receiver.sender())
                assertThat(awaitAnswer(PATIENCE)).isEqualTo("42")
            }
        }.join()
    }

    @Test
    fun afterATimeoutTheNextQuestionAbandonsTheLastRound() = runBlocking<Unit> {
        assertThat(withTimeoutOrNull(1) { ask("why?") }).isNull()
        assertThat(ask("6 * 7")).isEqualTo("42")
        assertThat(service.answerLate("because")).isFalse()
    }

    @Test
    fun oneChannelServesEveryRound() = runBlocking<Unit> {
        repeat(1000) { assertThat(ask("6 * 7")).isEqualTo("42") }
    }

    @Test
    fun theFutureOfACoroutineHasTheValueOrTheVeryCause() {
        assertThat(askAsync("6 * 7").join()).isEqualTo("42")
        assertThat(catchThrowable { askAsync("1 / 0").join() })
            .isInstanceOf(CompletionException::class.java)
            .cause()
            .isSameAs(service.undefined)
        assertThat(catchThrowable { askAsync("nobody knows").join() })
            .hasCauseInstanceOf(SenderDroppedException::class.java)
    }

    @Test
    fun cancellingTheFutureOfACoroutineLeavesTheValueInTheChannel() {
        val answer = scope.future(start = CoroutineStart.UNDISPATCHED) { ask("why?") }
        answer.cancel(false)
        runBlocking { job.children.forEach { it.join() } }
        assertThat(catchThrowable { answer.join() }).isInstanceOf(CancellationException::class.java)
        assertThat(service.answerLate("because")).isTrue()
        assertThat(receiver.receive()).isEqualTo("because")
    }
}
