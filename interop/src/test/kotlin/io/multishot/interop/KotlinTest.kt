package io.multishot.interop

import io.multishot.Receiver
import io.multishot.SenderDroppedException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.catchThrowable
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test

/** A channel behind a suspending function, and that function behind a future. */
class KotlinTest {
    private val service = Service()
    private val receiver = Receiver<String>()
    private val job = SupervisorJob()
    private val scope = CoroutineScope(job + Dispatchers.Default)

    // tag::kotlin[]
    suspend fun ask(question: String): String {
        receiver.abandon() // a round that nobody waits for any more
        service.ask(question, receiver.sender())
        return receiver.receiveAsync().await()
    }
    // end::kotlin[]

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
