package io.multishot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls of the library, each with what must hold after it, whether it was carried out, or ran out of memory or stack at
 * any point. Scenarios are prepared, run and checked apart, because only the run is disturbed.
 */
final class FaultScenarios {
    /** One call of the library. */
    abstract static class Attempt {
        /** Makes the call. */
        abstract void run() throws Throwable;

        /**
         * Throws an {@link AssertionError} if something is lost.
         *
         * @param thrown what the call threw, or null
         * @param stack whether the stack was short, in which case a waker of the user's may fail, too
         */
        abstract void check(Throwable thrown, boolean stack) throws Exception;
    }

    private static final Exception CAUSE = new Exception("cause");
    private static final Duration INSTANT = Duration.ofNanos(1);

    private final Map<String, Supplier<Attempt>> all = new LinkedHashMap<>();

    private FaultScenarios() {}

    /** Returns the scenarios by their names. */
    static Map<String, Supplier<Attempt>> all() {
        FaultScenarios scenarios = new FaultScenarios();
        scenarios.addUses();
        scenarios.addReceiving();
        scenarios.addRounds();
        scenarios.addTasks();
        scenarios.addTables();
        scenarios.addQueues();
        return scenarios.all;
    }

    /** Returns the scenario for the checked mode: a call that fails leaves the receiver to other threads. */
    static Map<String, Supplier<Attempt>> checked() {
        return Map.of("visit", () -> new Attempt() {
            private final Receiver<String> receiver = new Receiver<>();

            @Override
            void run() {
                require(!receiver.isClosed(), "open");
            }

            @Override
            void check(Throwable thrown, boolean stack) throws Exception {
                require(CompletableFuture.supplyAsync(receiver::isClosed).get() == Boolean.FALSE, "not in use");
            }
        });
    }

    static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    /** A call that may throw. */
    @FunctionalInterface
    interface Call {
        void run() throws Throwable;
    }

    // ------------------------------------------------------------------ uses of a sender

    /** A use of a sender. */
    @FunctionalInterface
    private interface Use {
        void of(Sender<String> sender) throws Throwable;
    }

    private enum Waiting {
        NOBODY,
        WAKER,
        TASK,
        THREAD,
        FUTURE
    }

    private void addUses() {
        Map<String, Use> uses = new LinkedHashMap<>();
        uses.put("send", sender -> sender.send("value"));
        uses.put("trySend", sender -> sender.trySend("value"));
        uses.put("fail", sender -> sender.fail(CAUSE));
        uses.put("tryFail", sender -> sender.tryFail(CAUSE));
        uses.put("drop", Sender::drop);
        uses.put("tryDrop", Sender::tryDrop);
        uses.put("sendFrom", sender -> sender.sendFrom(() -> "value"));
        uses.put(
                "sendFrom, failing",
                sender -> sender.sendFrom(() -> {
                    throw CAUSE;
                }));
        uses.forEach((name, use) -> {
            for (Waiting waiting : Waiting.values()) {
                for (boolean recycling : new boolean[] {false, true}) {
                    all.put(
                            name + " to " + waiting + (recycling ? ", recycling" : ""),
                            () -> new UseAttempt(use, waiting, recycling));
                }
            }
        });
    }

    /** One use of a sender, whose receiver waits in one of these ways. */
    private static final class UseAttempt extends Attempt {
        private final Use use;
        private final Receiver<String> receiver;
        private final Sender<String> sender;
        private final Queue queue = new Queue();
        private Thread thread;
        private CompletableFuture<String> future;
        private final Waiting waiting;
        private int woken;

        UseAttempt(Use use, Waiting waiting, boolean recycling) {
            this.use = use;
            this.waiting = waiting;
            receiver = recycling ? Receiver.recycling() : new Receiver<>();
            sender = receiver.sender();
            switch (waiting) {
                case NOBODY -> {}
                case WAKER -> require(receiver.poll(() -> woken++) == Poll.PENDING, "pending");
                case TASK -> require(receiver.poll(new Task(queue, () -> woken++)) == Poll.PENDING, "pending");
                case THREAD -> {
                    thread = new Thread(() -> {
                        try {
                            receiver.receiveUninterruptibly();
                        } catch (Throwable ended) {
                            // an outcome like any other, or no memory for its exception
                        }
                    });
                    thread.setDaemon(true);
                    thread.start();
                    while (thread.getState() != Thread.State.WAITING || !receiver.isAwaitedBy(thread)) {
                        Thread.onSpinWait();
                    }
                }
                case FUTURE -> future = receiver.receiveAsync();
            }
        }

        @Override
        void run() throws Throwable {
            use.of(sender);
        }

        @Override
        void check(Throwable thrown, boolean stack) throws Exception {
            boolean live = Sender.isLive(sender.slotAcquire());
            require(!live || thrown instanceof VirtualMachineError, "a use that returned was carried out");
            if (live) {
                require(sender.send("second"), "a sender that was not consumed is good for another use");
            }
            queue.runAll();
            if (waiting == Waiting.THREAD) {
                thread.join(10_000);
                require(!thread.isAlive(), "the thread is unparked");
            } else if (waiting == Waiting.FUTURE) {
                // To fail, a future allocates: if it could not, a cancellation finishes what the sender has begun.
                require(future.isDone() || future.cancel(false) || future.isDone(), "the future can be completed");
                require(future.isCancelled() || receiver.trySender() != null, "the future ends the round");
                return;
            } else if (waiting == Waiting.TASK || (waiting == Waiting.WAKER && !stack)) {
                require(woken > 0, "the waiter is notified");
            }
            if (waiting != Waiting.THREAD) {
                require(receiver.poll(() -> {}) != Poll.PENDING, "there is an outcome");
            }
            require(receiver.sender() != null, "the next round begins");
        }
    }

    /** An executor that allocates nothing and needs little stack. */
    private static final class Queue implements Executor {
        private Runnable first;

        @Override
        public void execute(Runnable run) {
            first = run;
        }

        void runAll() {
            Runnable run = first;
            first = null;
            if (run != null) {
                run.run();
            }
        }
    }

    // ------------------------------------------------------------------ receiving

    private void addReceiving() {
        Map<String, Use> outcomes = new LinkedHashMap<>();
        outcomes.put("a value", sender -> sender.send("value"));
        outcomes.put("a failure", sender -> sender.fail(CAUSE));
        outcomes.put("a drop", Sender::drop);
        outcomes.forEach((name, use) -> {
            addReceiving("take of " + name, use, Receiver::take);
            addReceiving("tryReceive of " + name, use, Receiver::tryReceive);
            addReceiving("receive of " + name, use, Receiver::receive);
            addReceiving(
                    "receiveAsync of " + name,
                    use,
                    receiver -> receiver.receiveAsync().get());
        });
        addPending("poll", receiver -> require(receiver.poll(() -> {}) == Poll.PENDING, "pending"));
        addPending("timed receive", receiver -> timesOut(() -> receiver.receive(INSTANT)));
        addPending("awaitAny", receiver -> {
            List<Receiver<String>> many = List.of(receiver, receiver);
            timesOut(() -> require(Receivers.awaitAny(many, INSTANT) < 0, "no outcome"));
        });
        all.put("awaitAny of many", FaultScenarios::awaitAnyOfMany);
        addPending("awaitAll", receiver -> timesOut(() -> Receivers.awaitAll(List.of(receiver), INSTANT)));
        addPending("receiveAsync", receiver -> receiver.receiveAsync().cancel(false));
    }

    /** If a registration fails, those before it are withdrawn. */
    private static Attempt awaitAnyOfMany() {
        List<Receiver<String>> receivers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            receivers.add(new Receiver<>());
        }
        List<Sender<String>> senders = receivers.stream().map(Receiver::sender).toList();
        return new Attempt() {
            @Override
            void run() throws Throwable {
                timesOut(() -> require(Receivers.awaitAny(receivers, INSTANT) < 0, "no outcome"));
            }

            @Override
            void check(Throwable thrown, boolean stack) {
                for (Receiver<String> receiver : receivers) {
                    require(!receiver.toString().contains("waiter"), "nobody is registered");
                }
                require(senders.stream().allMatch(sender -> sender.send("value")), "wanted");
            }
        };
    }

    /** What a receiver does. */
    @FunctionalInterface
    private interface Receive {
        void from(Receiver<String> receiver) throws Throwable;
    }

    private static void timesOut(Call call) throws Throwable {
        try {
            call.run();
        } catch (TimeoutException expected) {
            return;
        }
        throw new AssertionError("no timeout");
    }

    /** If the call runs out of memory or stack, the outcome is still there. */
    private void addReceiving(String name, Use use, Receive receive) {
        all.put(name, () -> new Attempt() {
            private final Receiver<String> receiver = new Receiver<>();
            private final Sender<String> sender = receiver.sender();
            private boolean taken;

            {
                try {
                    use.of(sender);
                } catch (Throwable impossible) {
                    throw new AssertionError(impossible);
                }
            }

            @Override
            void run() throws Throwable {
                try {
                    receive.from(receiver);
                } catch (ReceiveException | ExecutionException expected) {
                    // this is how a round without a value ends
                }
                taken = true;
            }

            @Override
            void check(Throwable thrown, boolean stack) {
                boolean there = sender.slotAcquire() != sender;
                require(!(taken && there), "an outcome is taken once");
                require(taken || there || name.startsWith("receiveAsync"), "no outcome is lost");
                if (there) {
                    require(receiver.poll(() -> {}) != Poll.DROPPED || name.endsWith("a drop"), "the outcome is there");
                }
                require(receiver.sender() != null, "the next round begins");
            }
        });
    }

    /** Whether the call fails or not, the round goes on. */
    private void addPending(String name, Receive receive) {
        all.put(name + " without an outcome", () -> new Attempt() {
            private final Receiver<String> receiver = new Receiver<>();
            private final Sender<String> sender = receiver.sender();
            private int woken;

            @Override
            void run() throws Throwable {
                receive.from(receiver);
            }

            @Override
            void check(Throwable thrown, boolean stack) {
                if (receiver.trySender() != null) {
                    throw new AssertionError("the round goes on");
                }
                if (thrown instanceof VirtualMachineError && receiver.toString().contains("future")) {
                    receiver.abandon(); // the future was made, and then not cancelled
                    require(receiver.sender() != null, "the next round begins");
                    return;
                }
                if (thrown != null) {
                    require(!receiver.toString().contains("waiter"), "nobody is registered");
                }
                require(receiver.poll(() -> woken++) == Poll.PENDING, "pending");
                require(sender.send("value"), "wanted");
                require(woken == 1, "woken");
                require(receiver.take().equals("value"), "received");
            }
        });
    }

    // ------------------------------------------------------------------ rounds

    private void addRounds() {
        for (boolean recycling : new boolean[] {false, true}) {
            for (String state : List.of("no round", "an outcome", "a round that is over")) {
                all.put("sender after " + state + (recycling ? ", recycling" : ""), () -> begin(state, recycling));
            }
            for (boolean async : new boolean[] {false, true}) {
                for (boolean forGood : new boolean[] {false, true}) {
                    all.put(
                            (forGood ? "close" : "abandon")
                                    + (async ? " of a future" : "")
                                    + (recycling ? ", recycling" : ""),
                            () -> giveUp(recycling, async, forGood));
                }
            }
        }
    }

    private static Attempt begin(String state, boolean recycling) {
        Receiver<String> receiver = recycling ? Receiver.recycling() : new Receiver<>();
        if (!state.equals("no round")) {
            receiver.sender().send("value");
            if (!state.equals("an outcome")) {
                receiver.take();
            }
        }
        return new Attempt() {
            private Sender<String> sender;

            @Override
            void run() {
                sender = receiver.sender();
            }

            @Override
            void check(Throwable thrown, boolean stack) {
                if (thrown != null && state.equals("an outcome")) {
                    require(receiver.poll(() -> {}) == Poll.READY, "the outcome is there");
                }
                Sender<String> live = sender != null ? sender : receiver.sender();
                require(live.send("next") && receiver.take().equals("next"), "a round");
            }
        };
    }

    private static Attempt giveUp(boolean recycling, boolean async, boolean forGood) {
        Receiver<String> receiver = recycling ? Receiver.recycling() : new Receiver<>();
        Sender<String> sender = receiver.sender();
        CompletableFuture<String> future = async ? receiver.receiveAsync() : null;
        return new Attempt() {
            private int told;

            @Override
            void run() {
                if (forGood) {
                    receiver.close();
                } else {
                    receiver.abandon();
                }
            }

            @Override
            void check(Throwable thrown, boolean stack) {
                boolean abandoned = sender.isAbandoned();
                require(thrown != null || abandoned, "given up");
                require(sender.isDetached() == abandoned, "the sender is detached if the receiver has left");
                sender.onAbandon(() -> told++);
                require(told == (abandoned ? 1 : 0), "told if it is detached");
                if (future != null && abandoned && (!future.isDone())) {
                    require(thrown != null && future.cancel(false), "a pending future can be cancelled");
                }
                if (!abandoned) {
                    require(sender.send("value"), "not given up");
                } else if (!forGood) {
                    require(receiver.sender().send("value"), "the next round begins");
                }
            }
        };
    }

    // ------------------------------------------------------------------ tasks

    private void addTasks() {
        all.put("wake", () -> new WakeAttempt(false));
        all.put("wake, in the caller", () -> new WakeAttempt(true));
    }

    private static final class WakeAttempt extends Attempt {
        private final Queue queue = new Queue();
        private final Task task;
        private int runs;

        WakeAttempt(boolean inCaller) {
            task = new Task(inCaller ? Runnable::run : queue, () -> runs++);
        }

        @Override
        void run() {
            task.wake();
        }

        @Override
        void check(Throwable thrown, boolean stack) {
            queue.runAll();
            require(thrown != null || runs == 1, "a wake that returned is served");
            int before = runs;
            task.wake();
            queue.runAll();
            require(runs == before + 1, "the next wake is served");
        }
    }

    // ------------------------------------------------------------------ tables and queues

    private void addTables() {
        addTable("open", table -> () -> table.open(0));
        addTable("open with a chosen ticket", true, table -> () -> table.open(0));
        addTable("table.send", table -> {
            table.openAll();
            return () -> table.table.send(table.tickets[0], "value");
        });
        addTable("table.fail", table -> {
            table.openAll();
            return () -> table.table.fail(table.tickets[0], CAUSE);
        });
        addTable("table.drop", table -> {
            table.openAll();
            return () -> table.table.drop(table.tickets[0]);
        });
        addTable("open, with a context and a deadline", table -> () -> table.openWithDetails(0));
        addTable("expire", table -> {
            for (int i = 0; i < CAPACITY; i++) {
                table.openWithDetails(i);
            }
            return () -> table.table.expire(1);
        });
        addTable("failAll", table -> {
            table.openAll();
            return () -> table.table.failAll(CAUSE);
        });
        addTable("close of a table", table -> {
            table.openAll();
            return table.table::close;
        });
    }

    private void addQueues() {
        addQueue("open in a queue", queue -> () -> queue.openWithoutDeadline(0));
        addQueue("open in a queue, with a deadline", queue -> () -> queue.open(0));
        addQueue("queue.send", queue -> {
            queue.openAll();
            return () -> queue.queue.send("value");
        });
        addQueue("queue.fail", queue -> {
            queue.openAll();
            return () -> queue.queue.fail(CAUSE);
        });
        addQueue("queue.expire", queue -> {
            queue.openAll();
            return () -> queue.queue.expire(1);
        });
        addQueue("queue.failAll", queue -> {
            queue.openAll();
            return () -> queue.queue.failAll(CAUSE);
        });
        addQueue("queue.close", queue -> {
            queue.openAll();
            return queue.queue::close;
        });
    }

    private static final int CAPACITY = 4;

    private void addTable(String name, Function<TableAttempt, Call> preparation) {
        addTable(name, false, preparation);
    }

    private void addTable(String name, boolean chosen, Function<TableAttempt, Call> preparation) {
        addInFlight(name, (recycling, waiting) -> new TableAttempt(chosen, preparation, recycling, waiting));
    }

    private void addQueue(String name, Function<QueueAttempt, Call> preparation) {
        addInFlight(name, (recycling, waiting) -> new QueueAttempt(preparation, recycling, waiting));
    }

    private void addInFlight(String name, BiFunction<Boolean, Boolean, Attempt> attempt) {
        for (boolean recycling : new boolean[] {false, true}) {
            for (boolean waiting : new boolean[] {false, true}) {
                all.put(
                        name + (waiting ? ", awaited" : "") + (recycling ? ", recycling" : ""),
                        () -> attempt.apply(recycling, waiting));
            }
        }
    }

    /** One request, whose receiver may be awaited by a task. */
    private static final class Request {
        private final Receiver<String> receiver;
        private final Queue queue = new Queue();
        private final Sender<String> sender;
        private boolean opened;
        private int woken;

        Request(boolean recycling, boolean waiting) {
            receiver = recycling ? Receiver.recycling() : new Receiver<>();
            sender = receiver.sender();
            if (waiting) {
                require(receiver.poll(new Task(queue, () -> woken++)) == Poll.PENDING, "pending");
            }
        }

        static List<Request> make(boolean recycling, boolean waiting) {
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < CAPACITY; i++) {
                requests.add(new Request(recycling, waiting));
            }
            return requests;
        }

        /** Checks this after nothing is in flight any more. */
        void check() {
            queue.runAll();
            boolean live = Sender.isLive(sender.slotAcquire());
            boolean waits = receiver.toString().contains("waiter");
            require(!live || !opened, "each request that was in flight has an outcome");
            require(live || !waits || woken > 0, "notified");
            if (live) {
                require(!sender.isInFlight(), "not in flight");
                require(sender.send("value"), "still usable");
            }
            require(receiver.trySender() != null, "the next round begins");
        }
    }

    /** A call of a table or queue in which some requests are in flight. */
    private abstract static class InFlightAttempt extends Attempt {
        final List<Request> requests;
        Call call;

        InFlightAttempt(boolean recycling, boolean waiting) {
            requests = Request.make(recycling, waiting);
        }

        abstract void open(int i);

        /** Opens all requests. */
        final void openAll() {
            for (int i = 0; i < CAPACITY; i++) {
                open(i);
            }
        }

        /** Empties the table or queue, and checks that all of it can be used; throws if it is closed. */
        abstract void checkRoom();

        abstract void close();

        @Override
        final void run() throws Throwable {
            call.run();
        }

        @Override
        final void check(Throwable thrown, boolean stack) {
            try {
                checkRoom();
            } catch (IllegalStateException closed) {
                close();
            }
            requests.forEach(Request::check);
        }
    }

    private static final class TableAttempt extends InFlightAttempt {
        private final boolean chosen;
        private final ReplyTable<String> table;
        private final long[] tickets = new long[CAPACITY];

        TableAttempt(boolean chosen, Function<TableAttempt, Call> preparation, boolean recycling, boolean waiting) {
            super(recycling, waiting);
            this.chosen = chosen;
            table = chosen ? ReplyTable.ofChosenIds(Short.SIZE, CAPACITY) : new ReplyTable<>(CAPACITY);
            call = preparation.apply(this);
        }

        @Override
        void open(int i) {
            tickets[i] = open(requests.get(i).sender, i);
            requests.get(i).opened = tickets[i] != ReplyTable.NO_TICKET;
        }

        private long open(Sender<String> sender, int i) {
            if (!chosen) {
                return table.open(sender);
            }
            return table.openAs(i + 1, sender) ? i + 1 : ReplyTable.NO_TICKET;
        }

        void openWithDetails(int i) {
            tickets[i] = table.open(requests.get(i).sender, "context", 1);
            requests.get(i).opened = tickets[i] != ReplyTable.NO_TICKET;
        }

        @Override
        void checkRoom() {
            table.failAll(CAUSE);
            require(table.inFlight() == 0, "nothing is in flight");
            for (int i = 0; i < CAPACITY; i++) {
                require(open(new Receiver<String>().sender(), i) != ReplyTable.NO_TICKET, "no slot is lost");
            }
        }

        @Override
        void close() {
            table.close();
        }
    }

    private static final class QueueAttempt extends InFlightAttempt {
        private final ReplyQueue<String> queue = new ReplyQueue<>(CAPACITY);

        QueueAttempt(Function<QueueAttempt, Call> preparation, boolean recycling, boolean waiting) {
            super(recycling, waiting);
            call = preparation.apply(this);
        }

        void openWithoutDeadline(int i) {
            requests.get(i).opened = queue.open(requests.get(i).sender);
        }

        /** Opens a request with a deadline that has passed. */
        @Override
        void open(int i) {
            requests.get(i).opened = queue.open(requests.get(i).sender, 1);
        }

        @Override
        void checkRoom() {
            queue.failAll(CAUSE);
            require(queue.inFlight() == 0, "nothing is in flight");
            for (int i = 0; i < 2 * CAPACITY; i++) {
                Receiver<String> receiver = new Receiver<>();
                require(queue.open(receiver.sender()), "no place is lost");
                require(queue.send("reply") && receiver.take().equals("reply"), "replies reach their requests");
            }
        }

        @Override
        void close() {
            queue.close();
        }
    }
}
