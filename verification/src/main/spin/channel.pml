/*
 * The channel under a weak memory model: one recycling receiver, the senders of ROUNDS rounds, two wakers with a flag
 * of their own, and a thread that parks. The model follows the code line by line: each step names the method that it
 * stands for, and is one access to shared memory together with what the thread does privately afterwards. A safe
 * sender has a CAS loop instead of the exchange, which Lincheck explores; its accesses have the same modes.
 *
 * How memory is modelled. Happens-before is tracked as views. An event (one bit) is a plain write that another thread
 * must see later, or an exchange. A thread's view is the set of the events that happen-before its next step. A release
 * store leaves its thread's view beside the value, and an acquire load that reads the value joins that view. A plain or
 * opaque access does neither. A read-modify-write keeps the view that was there before: it continues the release
 * sequence. A load that is not volatile may also return what the slot held before the sender's exchange, unless that
 * exchange happens-before the load. A volatile load may not: the exchange, the CAS, the wakers' flags and the load in
 * poll are all volatile, so they have one total order, which is the order of this model's steps. Read-modify-writes
 * never read old values. Not modelled: out-of-thin-air values, and reordering inside user code.
 *
 * Each weakening is switched on by -D. It must make an assertion fail, leave a thread waiting in a final state, or
 * break "parked implies finally woken". Where an ordering is kept though its absence would fail nothing, the step says
 * what it is good for.
 *
 *   POLL_ACQUIRE      the load in poll is acquire instead of volatile: the Dekker pair with the waker's flag
 *   POLL_PLAIN        the load in poll is plain: the value's content
 *   LOAD_PLAIN        the receiver's other loads are plain: the value's content
 *   EXCHANGE_ACQUIRE  the exchange does not release: the value's content
 *   EXCHANGE_RELEASE  the exchange does not acquire: the waker's content
 *   CAS_ACQUIRE       the registration does not release: the waker's content
 *   CAS_RELEASE       the registration does not acquire: the content of the value that was faster
 *   OPEN_PLAIN        recycling does not release: what the receiver did with the last value
 *   OPEN_UNFENCED     recycling has no fence: a sender that was handed over through a data race finds the cell not open
 *   WRITE_LATE        the value is published before it is written
 *   REGISTER_BLIND    the waiter is registered by a load, then a store
 *   WAKE_EARLY        the waiter that was loaded is notified before the exchange
 *   TOUCH_LATE        the sender stores into the cell after its exchange
 *   WITHDRAW_BLIND    the waiter is withdrawn by a store
 *   ABANDON_REUSE     abandon keeps the cell for the next round
 */

#ifndef ROUNDS
#define ROUNDS 3
#endif

/*
 * What a slot holds. VALUE stands for every outcome, Failure and DROPPED included, because nothing here depends on
 * which. It carries its round, for the assertions only.
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

/* All events that a receiver in round r checks. Views drop those of other rounds, which keeps the states few. */
#define ofSender(r)    (WRITTEN(r) | EXCHANGED(r))

byte r; /* the receiver's round */

/* The cells: a new one after each abandon, so no more than rounds. */
#define VACANT ROUNDS
byte slot[ROUNDS];          /* Sender.slot */
short published[ROUNDS];    /* the view that a release store left beside it */
bool detached[ROUNDS];      /* Sender.isDetached */

/* The wakers: each coalesces by a flag of its own, as tasks on executors do. A thread has its permit. */
bool flag[2];
short flagView[2];
bool permit;
short permitView;
bool parked;

/* How a round ended, as each side reports it. The second one to report compares the two, and resets the entry. */
#define HANDED_OVER  1  /* send returned true; the receiver took or discarded the outcome */
#define GIVEN_UP     2  /* send returned false; abandon returned true */
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
