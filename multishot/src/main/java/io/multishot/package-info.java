/**
 * Provides a reusable channel that sends single values to asynchronous tasks: the reply half of request and reply.
 *
 * <p>A {@link io.multishot.Receiver} hands out a single-use {@link io.multishot.Sender}, awaits what that sender does,
 * and hands out the next one. {@link io.multishot.Task} runs code that polls, on any executor.
 * {@link io.multishot.ReplyTable} finds the sender by a correlation id, for replies that come over a wire.
 * <!-- snippet: first-round -->
 *
 * <pre>{@code
 * Receiver<String> receiver = new Receiver<>();
 * Sender<String> sender = receiver.sender();
 * executor.execute(() -> sender.send("42"));
 * String answer = receiver.receive();
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.multishot;

import org.jspecify.annotations.NullMarked;
