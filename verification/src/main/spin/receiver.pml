/* The receiving half: each step names the method that it stands for. Part of channel.pml. */

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

/* What the receiver may rely on when it has seen an outcome: it is this round's, and what was before send is visible. */
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

begin: /* Receiver.tryBegin, Receiver.tryBeginRarely */
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

look: /* Receiver.tryReceive, Receiver.takeSlot, Receiver.tryBegin, Receiver.leaveCell, Receiver.registerThread: each begins like this */
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

receive: /* ThreadWaiter.registerAndPark registers; to spin before is to look more often */
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
       atomic { slotAcquire() } /* Receiver.hasOutcome */
    :: seen != THREAD -> break
    od;
    checkOutcome();

take: /*
       * Receiver.endRound: TAKEN. Its release buys nothing that a sender used as agreed could see: the next load of this slot by
       * another thread comes after OPEN. So no weakening of it is listed above; the table of access modes pins it.
       */
    atomic { setRelease(TAKEN); end(r, HANDED_OVER); r++; goto begin }

discard: /* sender() without take() */
    atomic { end(r, HANDED_OVER); r++; goto begin }

abandon: /* Sender.abandon; Receiver.cell was let go before, which only the receiver itself could see */
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
