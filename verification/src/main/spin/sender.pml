/* The sending half: each step names the method that it stands for. Part of channel.pml. */

/* SlotState.Waiter.notifyOf, in one step: it accesses nothing but what belongs to the waiter */
inline wake(waiter) {
    if
    :: waiter == OPEN -> skip
    :: waiter == THREAD -> permit = true; permitView = permitView | (mine & ofSender(r)) /* LockSupport.unpark */
    :: waiter == WAITER || waiter == WAITER + 1 ->
       if
       :: !flag[waiter - WAITER] -> /* a task's wake: the flag is clear, set it */
          flag[waiter - WAITER] = true;
          flagView[waiter - WAITER] = mine & ofSender(r)
       :: else /* the flag is set: a run will come, and poll */
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
        seen = slot[cell]; /* Sender.Recycled.consume: the load, Sender.slotAcquire */
        mine = mine | (published[cell] & PREPARED(n));
        if
        :: isLive(seen) ->
           /*
            * What the receiver did with the last value happens-before this use of the cell. A safe hand-over provides
            * that edge anyway, so OPEN might be a plain store; the release pays if the hand-over is a data race. A new
            * cell promises nothing there, because nobody published it. (The exchange acquires as well. The acquire of
            * this load is for what the sender does between the two, which is nothing of the user's.)
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

late: /* Sender.Recycled.exchange: ABANDONED again */
    slot[cell] = ABANDONED;

refused: /* a second use of a detached sender returns false again, though the first one covered ABANDONED briefly */
    atomic {
        assert(slot[cell] == ABANDONED || detached[cell]);
        end(n, GIVEN_UP);
        slot[cell] = ABANDONED; /* never loaded again; makes all such cells equal, which saves states */
        detached[cell] = true;
        published[cell] = 0;
        goto through
    }

through:
    skip
}
