/* The receiving half: each step names the method that it stands for. Part of channel.pml. */

/* Sender.slotAcquire, Sender.slotVolatile: one load by the receiver, of the newest or an old value, joining or not */
inline loadSlot(mayBeOld, joins) {
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
#define slotVolatile() loadSlot(true, false)
#else
#ifdef POLL_ACQUIRE
#define slotVolatile() loadSlot(true, true)
#else
#define slotVolatile() loadSlot(false, true)
#endif
#endif

#ifdef LOAD_PLAIN
#define slotAcquire() loadSlot(true, false)
#else
#define slotAcquire() loadSlot(true, true)
#endif

/*
 * Sender.slotCompareAndExchange, by the receiver. If it fails, seen is what the slot holds. Its release half is for the
 * sender whose exchange returns the waiter, its acquire half for the outcome of a failed attempt.
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

/* Sender.slotTakenRelease, and the store of Sender.slotOpenRelease */
inline setRelease(state) {
    slot[cell] = state;
    own = state;
    published[cell] = view
}

/* Receiver.register: afterwards seen is the waiter, or the outcome that was faster */
inline register(waiter) {
    view = view | REGISTERED(r);
#ifdef REGISTER_BLIND
    seen = waiter;
    setRelease(waiter)
#else
    compareAndExchange(waiter)
#endif
}

/* Receiver.withdraw: seen is the waiter; afterwards OPEN, or the outcome that was faster */
inline withdraw() {
#ifdef WITHDRAW_BLIND
    seen = OPEN;
    setRelease(OPEN)
#else
    compareAndExchange(OPEN)
#endif
}

/* What holds when the receiver has loaded an outcome: it is this round's, and what came before send is visible. */
inline checkOutcome() {
    assert(isOutcome(seen));
    assert(roundOf(seen) == r);
    assert(view & WRITTEN(r))
}

active proctype Receiver() {
    byte cell = VACANT; /* Receiver.cell */
    byte fresh = 0;
    byte seen;
    byte own;           /* what this side last stored into the cell: the old value that a load may still return */
    byte w;
    short view;

begin: /* Receiver.tryBegin, Receiver.tryBeginSlowPath */
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
        :: cell == VACANT -> /* a new cell is open from the start, nothing is stored */
           cell = fresh;
           fresh++;
           own = OPEN;
           run Holder(r, cell, false)
        :: else -> /* Receiver.next, Sender.slotOpenRelease; then the user hands the sender over */
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
        :: goto act
        fi
    }

poll: /* Receiver.pollSlot */
    atomic {
        slotVolatile();
        if
        :: seen == WAITER + w -> goto pending
        :: isLive(seen) && seen != WAITER + w -> goto registerWaker
        :: else -> checkOutcome(); goto ready
        fi
    }

registerWaker: /* Receiver.register */
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
        :: w = 0; goto round /* polls again without need, or does something else */
        :: parked = true
        fi
    }
    /* the task's run ends; its executor begins the next when the flag is set, which clears the flag and polls */
    atomic {
        flag[w] ->
        parked = false;
        view = view | (flagView[w] & ofSender(r));
        flag[w] = false;
        flagView[w] = 0;
        goto poll
    }

ready: /* Poll.READY, FAILED or DROPPED: poll makes the content visible, so that was checked already */
    atomic {
        w = 0;
        if
        :: goto act /* take, or another call */
        :: goto discard
        fi
    }

act: /*
      * Receiver.tryReceive, Receiver.takeSlot, Receiver.tryBegin, Receiver.leaveCell and Receiver.awaitOutcome each
      * begin with this load
      */
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

receive: /* ThreadWaiter.registerAndPark, Receiver.registerThread; to spin before is to load more often */
    atomic { register(THREAD) }
    do
    :: atomic { seen == THREAD -> withdraw() } /* Receiver.withdrawThread: late, or interrupted */
       atomic {
           if
           :: seen == OPEN -> seen = 0; goto round /* TimeoutException, InterruptedException */
           :: else -> break
           fi
       }
    :: atomic { seen == THREAD -> parked = true } /* LockSupport.park; a spurious return is one of the other choices */
       atomic {
           permit ->
           parked = false;
           permit = false;
           view = view | (permitView & ofSender(r));
           permitView = 0
       }
       atomic { slotAcquire() } /* Receiver.isAwaitedBy */
    :: seen != THREAD -> break
    od;
    atomic { slotAcquire(); checkOutcome() } /* Receiver.awaitOutcome */

take: /*
       * Receiver.endRound, Sender.markTaken: TAKEN. Its release buys nothing that a sender used as agreed could see: the
       * next load of this slot by another thread comes after OPEN. So channel.pml lists no weakening of it; the access
       * list pins it.
       */
    atomic { setRelease(TAKEN); end(r, HANDED_OVER); r++; goto begin }

discard: /* sender() without take() */
    atomic { end(r, HANDED_OVER); r++; goto begin }

abandon: /* Sender.abandon; Receiver.cell was replaced before, which only the receiver itself could see */
    atomic {
        compareAndExchange(ABANDONED);
        if
        :: seen != ABANDONED -> checkOutcome(); goto take
        :: else -> seen = 0
        fi
    }
    atomic { /* Sender.markDetached */
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
