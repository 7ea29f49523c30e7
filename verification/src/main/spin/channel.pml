/*
 * The channel under a weak memory model: one receiver, the senders of ROUNDS rounds, two wakers with a flag of their own,
 * and a thread that parks. It is kept line by line beside the code: each step names the method that it stands for,
 * and is one access to shared memory, with what the thread does for itself afterwards.
 *
 * How memory is modelled. Happens-before is tracked as views. An event (one bit) is a plain write that somebody must see
 * later, or an exchange. A thread's view is the set of the events that happen-before its next step. A release store leaves its
 * thread's view beside the value, an acquire load that reads the value joins it, a plain or opaque access does neither, and a
 * read-modify-write keeps what lay there before (it continues the release sequence). A load that is not volatile may also
 * return what the slot held before the sender's exchange, as long as that exchange does not happen-before the load. A
 * volatile load may not: the exchange, the compare-and-set, the wakers' flags and the look in poll are all volatile, so one
 * total order of them exists, and the order of this model's steps is that order. Read-modify-writes never read old values.
 * What is not modelled: values out of thin air, and reordering inside user code.
 *
 * Each weakening is switched on by -D and must make an assertion fail, leave somebody waiting in a final state, or
 * break "parked implies finally woken". What an ordering buys where nothing would fail is said beside the step.
 *
 *   POLL_ACQUIRE      poll looks by acquire instead of volatile: the Dekker pair with the waker's flag
 *   POLL_PLAIN        poll looks plainly: the value's content
 *   LOOK_PLAIN        the other looks of the receiver are plain: the value's content
 *   EXCHANGE_ACQUIRE  the exchange does not release: the value's content
 *   EXCHANGE_RELEASE  the exchange does not acquire: the waker's content
 *   CAS_ACQUIRE       the registration does not release: the waker's content
 *   CAS_RELEASE       the registration does not acquire: the content of the value that was faster
 *   OPEN_PLAIN        recycling does not release: what the receiver did with the last value
 *   OPEN_UNFENCED     recycling has no fence: a sender that was handed over through a data race finds the cell not open
 *   WRITE_LATE        the value is published before it is written
 *   REGISTER_BLIND    registration by read, then write
 *   WAKE_EARLY        the waiter that the look found is woken before the exchange
 *   TOUCH_LATE        the sender stores into the cell after its exchange
 *   WITHDRAW_BLIND    the waiter is withdrawn by a store
 *   ABANDON_REUSE     abandon keeps the cell for the next round
 */

#ifndef ROUNDS
#define ROUNDS 3
#endif

/*
 * What a slot holds. VALUE stands for every outcome, Failure and DROPPED too: nothing here depends on which. It carries its
 * round, for the assertions only.
 */
#define OPEN        0
#define TAKEN       1   /* a reference to the cell itself */
#define ABANDONED   2
#define WAITER      4   /* + 0 or 1: the waker */
#define THREAD      6   /* the waiter of the receiver's thread */
#define VALUE       8   /* + round */

#define isLive(s)     ((s) == OPEN || ((s) >= WAITER && (s) <= THREAD))
#define isOutcome(s)  ((s) >= VALUE)
#define roundOf(s)    ((s) & 3)

/* Events, one bit each a round. */
#define WRITTEN(r)     (1 << (r))         /* the sender wrote the value's content */
#define EXCHANGED(r)   (1 << (3 + (r)))   /* the sender's exchange */
#define PREPARED(r)    (1 << (6 + (r)))   /* what the receiver did before sender(), say with the last value */
#define REGISTERED(r)  (1 << (9 + (r)))   /* what the receiver did before it registered, say with the waker */

/* All that a receiver in round r asks for. Views keep what somebody may still ask for: that keeps the states few. */
#define ofSender(r)    (WRITTEN(r) | EXCHANGED(r))

byte r; /* the receiver's round */

/* The cells: a new one after each abandon, so no more than rounds. */
#define VACANT ROUNDS
byte slot[ROUNDS];          /* Sender.slot */
short published[ROUNDS];    /* the view that lies beside it */
bool detached[ROUNDS];      /* Sender.isDetached */

/* The wakers: each coalesces by a flag of its own, as tasks on executors do. A thread has its permit. */
bool flag[2];
short flagView[2];
bool permit;
short permitView;
bool parked;

/* How each side says that a round ended. Whoever comes second compares, and forgets. */
#define HANDED_OVER  1  /* send answered true; the receiver has or discarded the outcome */
#define GIVEN_UP     2  /* send answered false; abandon answered true */
byte ended[ROUNDS];

inline end(round, how) {
    if
    :: ended[round] == 0 -> ended[round] = how
    :: else -> assert(ended[round] == how); ended[round] = 0
    fi
}

#include "receiver.pml"
#include "sender.pml"

ltl parkedIsWoken { [] (parked -> <> !parked) }
