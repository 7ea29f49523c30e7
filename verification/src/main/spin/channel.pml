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
#define TAKEN       1
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
bool detached[ROUNDS];      /* Sender.detached */

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

/* Sender.slotAcquire, Sender.slotVolatile: one load by the receiver, of the newest value or an old one, joining or not */
inline load(mayBeOld, joins) {
    if
    :: seen = slot[cell];
       if
       :: joins -> view = view | (published[cell] & ofSender(r))
       :: else
       fi
    :: mayBeOld && !(view & EXCHANGED(r)) -> seen = own
    fi
}

#ifdef POLL_PLAIN
#define slotVolatile() load(true, false)
#else
#ifdef POLL_ACQUIRE
#define slotVolatile() load(true, true)
#else
#define slotVolatile() load(false, true)
#endif
#endif

#ifdef LOOK_PLAIN
#define slotAcquire() load(true, false)
#else
#define slotAcquire() load(true, true)
#endif

/*
 * Sender.slotCompareAndExchange, by the receiver. If it fails, seen is what the slot holds. Its release half is for whom the
 * exchange returns the waiter to; its acquire half for the outcome of a failed attempt.
 */
inline compareAndExchange(state) {
    if
    :: slot[cell] == seen ->
       seen = state;
       slot[cell] = state;
       own = state;
#ifndef CAS_ACQUIRE
       published[cell] = published[cell] | view
#endif
    :: else ->
       seen = slot[cell];
#ifndef CAS_RELEASE
       view = view | (published[cell] & ofSender(r))
#endif
    fi
}

/* Sender.slotSetRelease, by the receiver */
inline setRelease(state) {
    slot[cell] = state;
    own = state;
    published[cell] = view
}

/* Rounds.register: afterwards seen is the waiter, or the outcome that was faster */
inline register(waiter) {
    view = view | REGISTERED(r);
#ifdef REGISTER_BLIND
    seen = waiter;
    setRelease(waiter)
#else
    compareAndExchange(waiter)
#endif
}

/* Rounds.withdraw: seen is the waiter; afterwards OPEN, or the outcome that was faster */
inline withdraw() {
#ifdef WITHDRAW_BLIND
    seen = OPEN;
    setRelease(OPEN)
#else
    compareAndExchange(OPEN)
#endif
}

/* What the receiver may rely on when it has seen an outcome: it is this round's, and what was before send is visible. */
inline checkOutcome() {
    assert(isOutcome(seen));
    assert(roundOf(seen) == r);
    assert(view & WRITTEN(r))
}

active proctype Receiver() {
    byte cell = VACANT; /* Rounds.cell */
    byte fresh = 0;
    byte seen;
    byte own;           /* what this side last stored into the cell: the old value that a load may still return */
    byte w;
    short view;

begin: /* Rounds.tryBegin, Rounds.tryBeginRarely */
    atomic {
        seen = 0;
        if
        :: r == ROUNDS -> cell = 0; own = 0; view = 0; goto over
        :: else
        fi;
        view = PREPARED(r);
        flagView[0] = 0;
        flagView[1] = 0;
        permitView = 0;
        if
        :: cell == VACANT -> /* new Sender<>(): born open, nothing is stored */
           cell = fresh;
           fresh++;
           own = OPEN;
           run Holder(r, cell, false)
        :: else -> /* Sender.slotOpenRelease; then the user hands the sender over */
           setRelease(OPEN);
#ifdef OPEN_PLAIN
           published[cell] = 0;
#endif
           run Holder(r, cell, true)
        fi
    }

round: /* whatever the receiver's task does next */
    atomic {
        if
        :: w = 0; goto poll
        :: w = 1; goto poll
        :: goto look
        fi
    }

poll: /* Rounds.pollSlot */
    atomic {
        slotVolatile();
        if
        :: seen == WAITER + w -> goto pending
        :: isLive(seen) && seen != WAITER + w -> goto registerWaker
        :: else -> checkOutcome(); goto ready
        fi
    }

registerWaker: /* Rounds.register */
    atomic {
        register(WAITER + w);
        if
        :: seen == WAITER + w -> goto pending
        :: else -> checkOutcome(); goto ready
        fi
    }

pending: /* Poll.PENDING */
    atomic {
        seen = 0;
        if
        :: w = 0; goto round /* polls once more for no reason, or does something else */
        :: parked = true
        fi
    }
    /* the task's run ends; its executor begins the next when the flag is set; that clears the flag and polls */
    atomic {
        flag[w] ->
        parked = false;
        view = view | (flagView[w] & ofSender(r));
        flag[w] = false;
        flagView[w] = 0;
        goto poll
    }

ready: /* Poll.READY, FAILED or DROPPED: "seen by poll" is enough for the content, so that was checked already */
    atomic {
        w = 0;
        if
        :: goto look /* take, or what comes to mind */
        :: goto discard
        fi
    }

look: /* Receiver.tryReceive, Rounds.takeSlot, Rounds.tryBegin, Rounds.detach, ThreadWaiter.await: each begins like this */
    atomic {
        slotAcquire();
        if
        :: !isLive(seen) -> checkOutcome(); goto take /* all that return the value; abandon, which discards it */
        :: !isLive(seen) -> checkOutcome(); goto discard
        :: isLive(seen) -> seen = 0; goto round /* tryReceive and trySender return null */
        :: isLive(seen) -> goto receive
        :: isLive(seen) -> goto abandon
        fi
    }

receive: /* ThreadWaiter.await registers; to spin before is to look more often */
    atomic { register(THREAD) }
    do
    :: atomic { seen == THREAD -> withdraw() } /* late, or interrupted */
       atomic {
           if
           :: seen == OPEN -> seen = 0; goto round /* TimeoutException, InterruptedException */
           :: else -> break
           fi
       }
    :: atomic { seen == THREAD -> parked = true } /* LockSupport.park; to return for no reason is to do something else */
       atomic {
           permit ->
           parked = false;
           permit = false;
           view = view | (permitView & ofSender(r));
           permitView = 0
       }
       atomic { slotAcquire() } /* Rounds.lookAgain */
    :: seen != THREAD -> break
    od;
    checkOutcome();

take: /*
       * Rounds.end: TAKEN. Its release buys nothing that a sender used as agreed could see: the next load of this slot by
       * another thread comes after OPEN. So no weakening of it is listed above; the table of access modes pins it.
       */
    atomic { setRelease(TAKEN); end(r, HANDED_OVER); r++; goto begin }

discard: /* sender() without take() */
    atomic { end(r, HANDED_OVER); r++; goto begin }

abandon: /* Sender.detach; Rounds.cell was let go before, which only the receiver itself could see */
    atomic {
        compareAndExchange(ABANDONED);
        if
        :: seen != ABANDONED -> checkOutcome(); goto take
        :: else -> seen = 0
        fi
    }
    atomic {
        detached[cell] = true;
        end(r, GIVEN_UP);
#ifndef ABANDON_REUSE
        cell = VACANT;
#endif
        r++;
        goto begin
    }

over:
    skip
}

/* Waiter.wake, one step: all that it touches is the waiter's */
inline wake(waiter) {
    if
    :: waiter == OPEN -> skip
    :: waiter == THREAD -> permit = true; permitView = permitView | (mine & ofSender(r)) /* LockSupport.unpark */
    :: waiter == WAITER || waiter == WAITER + 1 ->
       if
       :: !flag[waiter - WAITER] -> /* a task's wake: the flag is clear, set it */
          flag[waiter - WAITER] = true;
          flagView[waiter - WAITER] = mine & ofSender(r)
       :: else /* it is set: a run will come, and poll */
       fi
    fi
}

/* The thread that holds the sender of a round, and uses it once; twice, if it was refused. */
proctype Holder(byte n; byte cell; bool recycled) {
    short mine;
    byte seen;

    atomic {
#ifndef WRITE_LATE
        mine = WRITTEN(n); /* the user fills the value */
#endif
        if
        :: mine = mine | PREPARED(n) /* the sender was handed over by a happens-before edge */
        :: skip                      /* or through a data race */
#ifdef OPEN_UNFENCED
           ;
           assert(!recycled) /* else OPEN may still be on its way: Errors.alreadyConsumed, and the value is lost */
#endif
        fi;
        seen = slot[cell]; /* Sender.consume: the look, Sender.slotAcquire */
        mine = mine | (published[cell] & PREPARED(n));
        if
        :: isLive(seen) ->
           /*
            * What the receiver did with the last value comes before this use of the cell. With a safe hand-over that edge
            * gives it anyway, and OPEN might be a plain store; the release pays when the hand-over is a race. A new cell
            * promises nothing there: nobody published it. (The exchange acquires as well; the look's acquire pays for what
            * the sender does between the two, which is nothing of the user's.)
            */
           assert(!recycled || (mine & PREPARED(n)));
           mine = mine & WRITTEN(n);
           recycled = false
        :: else -> /* refused, else Errors.alreadyConsumed */
           assert(seen == ABANDONED || detached[cell]);
           goto refused
        fi
    }
#ifdef WAKE_EARLY
    atomic { wake(seen) }
#endif
    atomic { /* Sender.slotGetAndSet */
        mine = mine | EXCHANGED(n);
        seen = slot[cell];
        slot[cell] = VALUE + n;
#ifndef EXCHANGE_RELEASE
        mine = mine | (published[cell] & REGISTERED(n));
#endif
#ifndef EXCHANGE_ACQUIRE
        published[cell] = published[cell] | mine;
#endif
        if
        :: seen == ABANDONED -> goto late
        :: else -> assert(isLive(seen)) /* else Errors.consumedMeanwhile */
        fi;
        /* what the task did before it registered is visible to its waker */
        assert(seen == OPEN || (mine & REGISTERED(n)));
#ifdef WRITE_LATE
        mine = mine | WRITTEN(n)
#endif
    }
#ifdef TOUCH_LATE
    slot[cell] = VALUE + n;
#endif
    atomic {
#ifndef WAKE_EARLY
        wake(seen);
#endif
        end(n, HANDED_OVER);
        goto through
    }

late: /* Sender.exchange: ABANDONED again, at leisure */
    slot[cell] = ABANDONED;
    detached[cell] = true;

refused: /* the second use of a detached sender answers false again, though its own outcome covered ABANDONED for a moment */
    atomic {
        assert(slot[cell] == ABANDONED || detached[cell]);
        end(n, GIVEN_UP);
        slot[cell] = ABANDONED; /* nobody looks any more; so that all such cells are alike */
        detached[cell] = true;
        published[cell] = 0;
        goto through
    }

through:
    skip
}

ltl parkedIsWoken { [] (parked -> <> !parked) }
