/*
 * The commit protocol of docs/protocol.md, as a model that SPIN exhausts: `npm run model`.
 *
 * One migration, N databases, workers that die or are taken for dead and go on all the same (a zombie is nothing but a
 * worker that the scheduler has not chosen for a long time), a control database that loses its last transactions. One
 * statement at a database, or one transaction of the control database, is one step; anything may happen between two of
 * them. Faults are used up or given up (`calm`); then the workers go on until nothing can move, and `judge` looks at what
 * is there. No execution is endless (pan -l finds no cycle), so every one gets there.
 *
 * The actions have names, in which an execution is told:
 *   step(name)           a step of packages/domain/src/run-machine.ts
 *   at(name), atWith()   a statement at a database, as packages/domain/src/ports/targets.ts calls it
 *   by(name)             what else a worker does, or what becomes of it
 *   fault(name)          what goes wrong around it
 * packages/domain/src/run-machine.model.test.ts holds the first two to their sources.
 *
 * Left out of the run machine:
 *   promote, failBehind: a migrate that waits behind a sync has touched nothing.
 *   abortBehind, cancelBehind: behind a rewind it may have; no sync is in the model. It is undone as after cancelAfterRewind.
 *   reclaim, giveBack: before T1 nothing is touched; claim and what follows it are one step here.
 *   finishSync: a sync has no participants.
 *   beginSteps, endSteps, leaveSteps, catchUp, failSteps: steps outside the transaction come before T1; the newer epoch fences them.
 *   holdBack, pause, resume: before T1, where nothing is decided; a run that is paused is as one that is queued and not claimed.
 *   beginLastSteps: they come after the last commit, when nothing of the decision is open any more.
 *   compensateAborted, failCompensated, cancelCompensated, cancelSteps: they are taken back once the abort is over.
 *   markStepInDoubt, resolveToLastSteps, resolveToCompensation: a person is asked about a step, not about a commit.
 *   resolveCommit, resolveAbort: a person does that; the model ends in doubt.
 *
 * Left out of the ports of a database:
 *   run, sendAhead, savepoint, rollbackToSavepoint, releaseSavepoint: the work itself is one change.
 *   recordOutcome: of the transaction, which commits it or does not.
 *   holdProof, whereIs: a database is the one that it is.
 *   observe: looks at what a transaction holds, for a rehearsal, which no step of the model knows: it ends before T2.
 *   close: a session ends with the worker's interest in the run.
 *
 * Assumed:
 *   Nothing loses as much as RETENTION_DAYS: not a control database, not a database.
 *   An accepted run is not lost. A database's own loss and a rewind do not meet (docs/not-yet.md).
 *   A target has one open or prepared transaction of the migration at a time: run lock and fence row see to that.
 */

/* ---- What is in it: each may be set with -D ------------------------------------------------------------------------ */
#ifndef N
#define N 2             /* databases; number 0 is the witness */
#endif
#ifndef REWIND
#define REWIND 1        /* how often the control database loses its last transactions, any number of them */
#endif
#ifndef CRASH
#define CRASH 1         /* workers that die */
#endif
#ifndef FREEZE
#define FREEZE 1        /* workers that are taken for dead and are not */
#endif
#ifndef LATE
#define LATE 0          /* requests of a dead worker that arrive later, or never; each takes a CRASH */
#endif
#ifndef CANCEL
#define CANCEL 0        /* cancels */
#endif
#ifndef TFAIL
#define TFAIL 0         /* 1: one database fails over once, and loses its last 1 ... TLAG transactions */
#endif
#ifndef TLAG
#define TLAG 1
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 2      /* MAX_ATTEMPTS */
#endif
#ifndef LAST
#define LAST 0          /* 1: the witness cannot be prepared, it is the last resource (ADR 0012) */
#endif
#ifndef SECOND
#define SECOND 0        /* 1: another run of the migration: a migrate after one that failed, a rollback after one that succeeded */
#endif
#ifndef RETAIN
#define RETAIN 0        /* 1: retention takes away ledgers and run, once the run is over (ADR 0019) */
#endif
#ifndef COPIED
#define COPIED 0        /* 1: a copy of the control database comes alive at another place, with the second worker (ADR 0021) */
#endif

/*
 * Planted mistakes are -D names as well, each a part of the rule taken away where it stands below. SPIN has to find every one
 * of them: scripts/model-searches.mjs has the list.
 */

/* ---- Words --------------------------------------------------------------------------------------------------------- */
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#ifdef REACHED          /* the search tells which actions it has taken; it cannot be followed by spin -t then */
#define SEEN(name) ; c_code { static int isSeen; if (!isSeen) { isSeen = 1; printf(TEXT(@reached name\n)); } }
#else
#define SEEN(name)
#endif
#define step(name)  printf(TEXT(@step name %d %d %d\n), me, C.ep, C.tok) SEEN(name)
#define at(name)    atWith(name, t, tk)
#define atWith(name, db, y) printf(TEXT(@at name %d %d %d\n), me, db, y) SEEN(name)
#define fault(name) printf(TEXT(@fault name\n)) SEEN(name)
#define by(name)    printf(TEXT(@by name %d %d\n), me, tk) SEEN(name)
/* What has to hold; a broken one ends the search. */
#define holds(name, x) if :: (x) -> skip :: else -> printf(TEXT(@broken name\n)); assert(false) fi

/* ---- The control database: the row of the run --------------------------------------------------------------------- */
#define queued     1
#define running    2
#define deciding   3
#define committing 4
#define aborting   5
#define succeeded  6
#define failed     7
#define cancelled  8
#define in_doubt   9
#define forgotten  10   /* retention has taken it */

#define nobody 2
/* tl: the timeline of the control database on which it was queued or started. */
typedef Row { byte st; byte ep; byte tok; byte own; byte att; bool fail; bool can; byte tl };
Row c[1 + COPIED];      /* what the workers talk to: the one, and its copy */
Row sb[2];              /* standbys that have stopped to follow: a stack, the younger ones above */
byte nsb;
byte rewinds = REWIND;
byte TL = 1;            /* the timeline: another one after every promotion */
#define COPY(a,b) a.st=b.st; a.ep=b.ep; a.tok=b.tok; a.own=b.own; a.att=b.att; a.fail=b.fail; a.can=b.can; a.tl=b.tl
#define WIPE(a) a.st=0; a.ep=0; a.tok=0; a.own=0; a.att=0; a.fail=0; a.can=0; a.tl=0
#define FINISHED(s) ((s) == succeeded || (s) == failed || (s) == cancelled || (s) == forgotten)

/* The run before this one is over, and its row does not change any more. */
byte nr = 1;            /* number of the run whose row c is */
byte mark;              /* its last token belonged to the run before */
byte wasSt, wasTok;

bool isForeign;         /* the copy was adopted as a copy: another installation than the one that has begun the run */

/* ---- The databases ------------------------------------------------------------------------------------------------- */
#define FREE 0
#define OPEN 1
#define PREP 2
/* Locks and the fence's row let one transaction of the migration in, open or prepared. eff: how often the change was made. */
typedef Target { byte slot; byte tok; byte led; byte eff; byte fen;
#if SECOND
  byte wasLed; byte wasEff;
#endif
};
Target g[N];

byte ntok;              /* tokens are drawn, and never again, whatever is rewound */
byte tep[10];           /* the epoch that T1 gave the token; it stands in the prepared id */
#define TOKENS_LEFT (ntok < 9)
#if SECOND
#define OF(x) ((nr == 2 && (x) > mark) + 1)
#define LEDGER(t, r) ((r) == nr -> g[t].led : g[t].wasLed)
#define STATE(r) ((r) == nr -> C.st : wasSt)
#define TOKEN(r) ((r) == nr -> C.tok : wasTok)
#ifdef LEDGER_BY_MIGRATION      /* the ledger does not tell one run from the next */
#undef LEDGER
#define LEDGER(t, r) (g[t].led != 0 -> g[t].led : g[t].wasLed)
#endif
#else
#define OF(x) 1
#define LEDGER(t, r) g[t].led
#define STATE(r) C.st
#define TOKEN(r) C.tok
#endif

/* ---- What may go wrong --------------------------------------------------------------------------------------------- */
bool work[3];           /* who has a heart that beats */
bool calm;              /* nothing goes wrong from here on */
byte crashes = CRASH, freezes = FREEZE, cancels = CANCEL, lates = LATE;
byte nop, nt, ntk;      /* the late request: 1 COMMIT PREPARED, 2 ROLLBACK PREPARED, 3 COMMIT of the last resource */
bool told;              /* a contradiction was reported */
bool isRetained;        /* retention has begun */
Target old; byte oldt; byte oldn; byte tf = TFAIL;  /* the standby of database oldt, oldn transactions behind; tf: 1 may be, 2 is */

#if TFAIL
#ifdef ONLY_COMMITS     /* only such failovers as lose a COMMIT PREPARED and leave its PREPARE */
#define LOSES (old.slot == PREP && g[oldt].led == old.tok)
#else
#define LOSES true
#endif
#define TARGET(a,b) a.slot = b.slot; a.tok = b.tok; a.led = b.led; a.eff = b.eff; a.fen = b.fen
#define FOLLOW TARGET(old, g[oldt]); oldn = 0; tf = 2
#define NO_STANDBY tf = 0; oldt = 0; oldn = 0; old.slot = 0; old.tok = 0; old.led = 0; old.eff = 0; old.fen = 0
inline tx(t) { if :: tf == 2 && oldt == t && oldn < TLAG -> oldn++
                  :: tf == 2 && oldt == t && oldn >= TLAG -> NO_STANDBY
                  :: else fi }
#else
#define NO_STANDBY skip
inline tx(t) { skip }
#endif

/* ---- Statements at a database -------------------------------------------------------------------------------------- */
inline free(t) { g[t].slot = FREE; g[t].tok = 0 }
/* What COMMIT and COMMIT PREPARED make true: the change, the ledger row, the fence, in one transaction. */
inline take(t, x) {
  tx(t); free(t);
#if SECOND
  if :: OF(x) == nr -> g[t].led = x; g[t].eff++; holds(doubled, g[t].eff <= 1)
     :: else -> g[t].wasLed = x; g[t].wasEff++; holds(doubled, g[t].wasEff <= 1); holds(out_of_order, g[t].eff == 0) fi;
#else
  g[t].led = x; g[t].eff++; holds(doubled, g[t].eff <= 1);
#endif
  if :: g[t].fen < tep[x] -> g[t].fen = tep[x] :: else fi }
inline dissolve(t) { if :: g[t].slot == PREP -> tx(t) :: else fi; free(t) }
inline closeAll(x) { i = 0; do :: i < N -> if :: x != 0 && g[i].slot == OPEN && g[i].tok == x && !(nop == 3 && ntk == x) -> free(i) :: else fi; i++
                                :: else -> break od; i = 0 }
#ifdef TOKENS_BY_EPOCH
#define SAME(a, b) (tep[a] == tep[b])
#else
#define SAME(a, b) ((a) == (b))
#endif
#define HAS_PREPARED(t, x) (g[t].slot == PREP && SAME(g[t].tok, x))
/* What ending the backends of run r up to epoch y ends. */
#define OLD_SESSION(t, r, y) (g[t].slot == OPEN && OF(g[t].tok) == (r) && tep[g[t].tok] <= (y))

/* ---- The compare-and-set of a run's owner -------------------------------------------------------------------------- */
#define C c[place]
#ifdef NO_TOKEN
#define SAME_TOKEN true
#else
#define SAME_TOKEN (C.tok == tk)
#endif
/* Owner, epoch and token; the owner is left out of it, because two activities of one process have the same. */
#define MINE(s) (C.st == (s) && C.ep == e && SAME_TOKEN && r == nr)

/* A place that the installation does not know settles, sweeps, runs and writes nothing. */
#if defined(NO_PLACE)
#define KNOWN true
#elif defined(SETTLED_BY_COPY)  /* what the original has begun is not told from what this installation has */
#define KNOWN (place == 0 || isForeign)
#else
#define KNOWN (place == 0)
#endif

/* Nobody's heart beats for it, or the beat is not heard. */
#define UNATTENDED (C.own == me || !work[C.own] || place != 0 || (!calm && freezes > 0))

/* The two workers are equal: the one that starts first is called 0, which halves the search. */
#define FIRST_BY_ZERO (ntok > 0 || me == 0 || COPIED)

/* A prepared transaction that no worker will settle: by its token, never by its epoch. */
#define ORPHAN(x) (!SAME(x, TOKEN(OF(x))) || FINISHED(STATE(OF(x))))

#ifdef SECOND_EARLY     /* no index lets one run of a migration be active at a time */
#define NEXT_MAY_COME (C.st != queued)
#else
#define NEXT_MAY_COME FINISHED(C.st)
#endif
/* Not what a rollback will need. */
#define IS_NEEDED (C.st == succeeded && SECOND && nr == 1)
#ifdef RETAIN_EARLY     /* retention takes runs that are not over */
#define MAY_FORGET (C.st == committing || (FINISHED(C.st) && C.st != forgotten))
#else
#define MAY_FORGET (FINISHED(C.st) && C.st != forgotten && !IS_NEEDED)
#endif

/* The order of an abort: the witness first. Only the attempt's own worker that has not sent T2 takes any order. */
#ifdef ABORT_IN_ANY_ORDER
#define WITNESS_NEXT false
#else
#define WITNESS_NEXT (!own && !(mask & (1 << WITNESS)))
#endif
/* Which one that is, its worker has to know also of an attempt that the control database has forgotten. */
#ifdef ANOTHER_WITNESS
#define WITNESS (tk == 0 -> 1 : 0)
#else
#define WITNESS 0
#endif

/* Whoever is done with a run closes its sessions, and knows nothing. */
inline letGo() {
  work[me] = false; closeAll(tk); r = 0; tk = 0; e = 0; st = 0; t = 0; x = 0; dx = 0; m = 0; tl = 0; mask = 0;
  doubt = 0; fail = 0; own = 0; kept = 0 }
/* A worker dies: its sessions end, what it knew is gone. */
inline die() { atomic { !calm && crashes > 0 -> crashes--; by(dies); goto idle } }
/* ... and its last request is still on its way. */
inline dieSending(op, k, y) {
#if LATE
  atomic { !calm && crashes > 0 && lates > 0 && nop == 0 ->
    crashes--; lates--; nop = op; nt = k; ntk = y; by(dies_with_its_last_request_under_way); goto idle }
#else
  false
#endif
}

/* ==== A worker ====================================================================================================== */

#define FENCED 20
#define LOST 21         /* the compare-and-set hit no row, or the session was ended */

/* begin at database t: the gates wait for whoever is there; then the ledger and the fence are looked at. */
inline beginAt() {
  if
#ifndef NO_LEDGER_AT_BEGIN
  :: LEDGER(t, r) != 0 -> at(readLedger); closeAll(tk); x = LEDGER(t, r)
#endif
  :: g[t].fen > e -> m = (m < g[t].fen -> g[t].fen : m); x = FENCED
  :: else -> g[t].slot = OPEN; g[t].tok = tk; at(begin); t++
  fi }

inline prepareAt(k) {
  t = k;
  if :: g[k].slot == OPEN && g[k].tok == tk -> g[k].slot = PREP; tx(k); mask = mask | (1 << k); at(prepare)
     :: else -> x = LOST fi;
  t = 0 }

/* Whatever its id, of this token; nothing prepared is fine when the ledger has the token. */
inline commitAt(k) {
  t = k;
  if :: HAS_PREPARED(k, tk) -> at(commitPrepared); take(k, tk)
     :: else -> at(readLedger); if :: LEDGER(k, r) != 0 && SAME(LEDGER(k, r), tk) :: else -> doubt = true fi fi;
  mask = mask | (1 << k); t = 0 }

/* Sessions of older epochs, and what this attempt has prepared; x: what another one has. */
inline rollBackAt(k) {
  t = k;
  if :: OLD_SESSION(k, r, e - 1) -> free(k); at(endBackends)
     :: g[k].slot == PREP && (SAME(g[k].tok, tk) || g[k].tok == dx) -> dissolve(k); at(rollbackPrepared)
     :: g[k].slot == PREP && OF(g[k].tok) == r && !SAME(g[k].tok, tk) && g[k].tok != dx -> x = g[k].tok; atWith(listPrepared, k, x)
     :: else fi }

/* Nothing of attempt y can be committed at the witness after this. */
inline rollBackAtWitness(k, y) {
  if :: OLD_SESSION(k, OF(y), tep[y]) || HAS_PREPARED(k, y) -> dissolve(k); atWith(rollbackPrepared, k, y) :: else fi }

#define ALL_DONE (mask == (1 << N) - 1)

proctype W(byte me; byte place) {
  byte r, tk, e;        /* what it knows of its run: which, token, epoch, */
  byte st;              /* and, before the decision, its state */
  byte t, x, dx, m, i, tl;
  byte mask;            /* databases that are done with */
  bool doubt, fail, own, kept;

idle:
  atomic { skip; d_step { letGo() } }
end_idle:
  if
  /* T1 */
  :: atomic { d_step { KNOWN && C.st == queued && TOKENS_LEFT && FIRST_BY_ZERO -> step(claim);
       ntok++; tk = ntok; C.ep++; tep[tk] = C.ep; e = C.ep; r = nr; C.st = running; st = running; C.tok = tk; C.own = me; C.tl = TL;
       work[me] = true; own = true; step(start) } goto attempt }
  /* A queued run that cannot start ends at once; on another timeline than it was queued on only after the targets were asked. */
  :: d_step { KNOWN && C.st == queued -> step(claim);
       if
#ifndef END_ON_ANY_TIMELINE
       :: C.tl != TL -> C.ep++; C.st = aborting; C.own = nobody; C.fail = true; step(failAfterRewind)
#endif
       :: else -> C.st = failed; C.own = nobody; step(fail)
       fi } goto end_idle
  /* Recovery: what nobody works on, or whose owner is taken for dead. */
  :: atomic { d_step { KNOWN && (C.st == running || C.st == deciding || C.st == committing || C.st == aborting) && UNATTENDED ->
       if :: place == 0 && C.own != me && work[C.own] -> freezes--; by(takes_a_living_worker_for_dead) :: else fi;
       C.own = me; e = C.ep; tk = C.tok; r = nr; st = C.st; work[me] = true; step(adopt) };
     if :: st == running -> goto abort
        :: st == deciding -> goto ask
        :: st == committing -> goto commit
        :: st == aborting -> goto settle fi }
#if COPIED
  /* The copy was adopted as one: what its original has begun, nobody here touches. */
  :: d_step { place == 1 && isForeign && (C.st == running || C.st == deciding || C.st == committing || C.st == aborting) ->
       C.own = me; step(adopt); C.st = in_doubt; step(markInDoubt) } goto end_idle
#endif
  /* What is prepared and nobody's business. */
  :: atomic { d_step { KNOWN && g[0].slot == PREP && ORPHAN(g[0].tok) -> t = 0; x = g[0].tok; work[me] = true; atWith(listPrepared, t, x) } goto sweep }
  :: atomic { d_step { KNOWN && g[1].slot == PREP && ORPHAN(g[1].tok) -> t = 1; x = g[1].tok; work[me] = true; atWith(listPrepared, t, x) } goto sweep }
#if N > 2
  :: atomic { d_step { KNOWN && g[2].slot == PREP && ORPHAN(g[2].tok) -> t = 2; x = g[2].tok; work[me] = true; atWith(listPrepared, t, x) } goto sweep }
#endif
#if RETAIN
  :: d_step { KNOWN && MAY_FORGET && !isRetained -> isRetained = true; work[me] = true; r = nr; by(retains_no_longer);
       /* Nothing loses as much as RETENTION_DAYS. */
       WIPE(sb[0]); WIPE(sb[1]); nsb = 0; NO_STANDBY } goto retain
#endif
#if TFAIL
  /* The audit: a finished run against the ledgers. It tells, and changes nothing. */
  :: d_step { KNOWN && !told && !isRetained &&
       ((C.st == succeeded && ((g[0].slot == FREE && g[0].led == 0) || (g[1].slot == FREE && g[1].led == 0))) ||
        ((C.st == failed || C.st == cancelled) && (g[0].led != 0 || g[1].led != 0))) -> told = true; by(reports_a_contradiction) } goto end_idle
#endif
  fi;

/* ---- An attempt: all gates in order, all PREPAREs, T2 -------------------------------------------------------------- */
attempt:
  if
  :: atomic { t < N && g[t].slot == FREE -> d_step { beginAt() }
       if
       :: x == 0 && t < N -> goto attempt
       :: x == 0 && t == N -> t = 0; mask = LAST; goto preparing          /* the last resource has nothing to prepare */
       :: x == FENCED -> x = 0; goto abort
       :: else -> goto honoured                                           /* the run was committed, by attempt x */
       fi }
  :: atomic { t < N && g[t].slot != FREE -> fail = true; goto abort }     /* lock timeout */
  :: die()
  fi;
preparing:
  if
#if LAST && defined(LAST_BEFORE_PREPARES)
  :: atomic { mask == 1 -> mask = 0; goto decide }
#endif
  :: atomic { d_step { !(mask & 1) -> prepareAt(0) } goto prepared }
  :: atomic { d_step { !(mask & 2) -> prepareAt(1) } goto prepared }
#if N > 2
  :: atomic { d_step { !(mask & 4) -> prepareAt(2) } goto prepared }
#endif
  :: atomic { mask == LAST -> fail = true; goto abort }                   /* an error in the migration */
  :: die()
  fi;
prepared:
  atomic {
    if :: x == LOST -> x = 0; goto abort
       :: x == 0 && !ALL_DONE -> goto preparing
       :: x == 0 && ALL_DONE -> mask = 0; goto decide fi }

decide:
#if LAST
#ifdef T2_BEFORE_LAST
  atomic { d_step { if :: MINE(running) -> C.st = committing; step(decide) :: else -> x = LOST fi }
    if :: x == LOST -> goto idle :: else fi }
  if
  :: atomic { d_step { if :: g[0].slot == OPEN && g[0].tok == tk -> at(commit); take(0, tk) :: else fi } goto commit }
  :: die()
  fi;
#endif
  if
  :: atomic { d_step { if :: MINE(running) -> C.st = deciding; st = deciding; step(enterDeciding) :: else -> x = LOST fi }
       if :: x == LOST -> goto idle :: else fi }
  :: die()
  fi;
  /* Its COMMIT is the decision. */
  if
  :: atomic { d_step { if :: g[0].slot == OPEN && g[0].tok == tk -> at(commit); take(0, tk) :: else -> x = LOST fi }
       if
       :: x == 0 -> own = false; goto T2
       :: goto unanswered
       fi }
  :: goto unanswered                                                      /* sent, and never received */
  :: dieSending(3, 0, tk)
  :: die()
  fi;
unanswered:
#ifdef LAST_UNSENT
  atomic { x = 0; goto abort }
#else
  atomic { skip; d_step { x = 0; own = false; closeAll(tk) } goto ask }
#endif
#endif
T2:
  if
  :: atomic { d_step { if :: MINE(st) -> C.st = committing; step(decide) :: else -> x = LOST fi }
       if :: x == LOST -> goto idle :: else -> goto commit fi }
#if !LAST
#ifdef OWN_ORDER_AFTER_T2
  :: atomic { MINE(st) -> C.st = committing; step(decide); goto abort }
#endif
  :: atomic { !calm -> own = false; goto abort }                          /* T2 could not be sent: the control database was away */
#endif
  :: die()
  fi;

/* ---- Has the last resource committed? Asked behind its fence, which waits out a COMMIT in flight -------------------- */
ask:
#if LAST
  if
  :: d_step { if :: OLD_SESSION(0, r, e) -> free(0); at(endBackends) :: else fi }
  :: die()
  fi;
  if
  :: d_step { g[0].slot == FREE -> tx(0); if :: g[0].fen < e + 1 -> g[0].fen = e + 1 :: else fi; x = LEDGER(0, r); at(raiseFence) }
  :: OLD_SESSION(0, r, e) -> goto ask
  :: die()
  fi;
  atomic {
    if :: x == 0 -> goto abort
       :: x == tk -> x = 0; goto T2
       :: else -> goto honoured fi }
#endif

/* ---- Commit -------------------------------------------------------------------------------------------------------- */
commit:
  atomic { skip; d_step { t = 0; doubt = 0; x = 0; own = false; fail = false; st = 0; dx = 0; m = 0; mask = LAST } }
#if LAST
  goto others;                                                            /* its COMMIT came before T2 */
#else
#ifdef OTHERS_BEFORE_WITNESS
  goto others;
#endif
  if
  :: atomic { d_step { commitAt(0) } if :: doubt -> doubt = false; x = LEDGER(0, r); goto refused :: else -> goto others fi }
  :: dieSending(1, 0, tk)
  :: die()
  fi;
refused:  /* The witness has nothing of this attempt: the control database has forgotten an abort, or another attempt. */
#ifdef NO_RECANT
  goto commit;
#endif
  if
  :: x != 0 -> goto honoured
  :: atomic { x == 0 -> d_step { if :: MINE(committing) -> C.st = aborting; C.ep++; e = C.ep; C.fail = (C.att >= ATTEMPTS); step(recant)
                                    :: else -> x = LOST fi }
       if :: x == 0 -> goto settle :: else -> goto idle fi }
  :: die()
  fi;
#endif
others:
  if
  :: d_step { !(mask & 1) -> commitAt(0) } goto others
  :: d_step { !(mask & 2) -> commitAt(1) } goto others
#if N > 2
  :: d_step { !(mask & 4) -> commitAt(2) } goto others
#endif
#if LATE
  :: dieSending(1, 1, tk)
#endif
  :: atomic { d_step { ALL_DONE ->
       if :: MINE(committing) && doubt -> C.st = in_doubt; C.own = nobody; step(markInDoubt); x = LOST
          :: MINE(committing) && !doubt -> C.st = succeeded; C.own = nobody; step(complete)
          :: else -> x = LOST fi }
#ifdef LEDGERS_GO_AT_T3
       if :: x == 0 -> g[0].led = 0; g[1].led = 0 :: else fi;
#endif
       goto idle }
  :: die()
  fi;

honoured:       /* Attempt x has committed at the witness: that is the decision, whatever the row says. */
  if
  :: atomic { d_step { if :: MINE(running) || MINE(deciding) || MINE(aborting) -> C.st = committing; C.tok = x; tk = x; step(honour)
                          :: MINE(committing) -> C.tok = x; tk = x; step(takeToken)
                          :: else -> x = LOST fi }
       if :: x == LOST -> goto idle :: else -> goto commit fi }
  :: die()
  fi;

/* ---- Abort: the compare-and-set first, then the databases, then the end -------------------------------------------- */
abort:
  if
  :: atomic { d_step { closeAll(tk);
       if :: MINE(st) -> C.st = aborting; C.ep++; e = C.ep; C.fail = (fail || C.att >= ATTEMPTS); step(beginAbort)
          :: else -> x = LOST fi }
       if :: x == LOST -> goto idle :: else -> goto settle fi }
  :: die()
  fi;
settle:
  atomic { skip; d_step { t = 0; mask = 0; x = 0; doubt = 0; fail = false; st = 0; tl = TL } }
#ifdef LEDGER_BEFORE_FENCE
  d_step { i = LEDGER(0, r) };
#endif
#ifdef FENCE_BEFORE_ROLLBACK
  do :: d_step { t < N && g[t].slot == FREE -> if :: g[t].fen < e -> g[t].fen = e :: else fi; at(raiseFence); t++ }
     :: t == N -> t = 0; break od;
#endif
undo:           /* the witness first. Only the attempt's own worker that has not sent T2 takes any order */
  if
  :: atomic { d_step { !(mask & 1) && (WITNESS == 0 || !WITNESS_NEXT) -> rollBackAt(0) } goto rolledBack }
  :: atomic { d_step { !(mask & 2) && (WITNESS == 1 || !WITNESS_NEXT) -> rollBackAt(1) } goto rolledBack }
#if N > 2
  :: atomic { d_step { !(mask & 4) && !WITNESS_NEXT -> rollBackAt(2) } goto rolledBack }
#endif
#if LATE
  :: dieSending(2, 0, g[0].tok)
#endif
  :: ALL_DONE -> goto finish
  :: die()
  fi;
rolledBack:     /* Another attempt's is nobody's as long as the run is mine, and only its witness can say what becomes of it. */
  atomic {
    if :: x == 0 -> goto fence
       :: x != 0 && !MINE(aborting) -> goto idle
       :: x != 0 && MINE(aborting) && t == WITNESS -> dx = x; x = 0; goto again
       :: x != 0 && MINE(aborting) && t != WITNESS -> goto askWitness
    fi };
again:
  if :: atomic { d_step { rollBackAt(t) } goto rolledBack }
     :: die()
  fi;
askWitness:
  if :: d_step { rollBackAtWitness(WITNESS, x) }
     :: die()
  fi;
  atomic { d_step { atWith(readLedger, WITNESS, x); i = LEDGER(WITNESS, r) }
    if :: i != 0 -> x = i; i = 0; goto honoured
       :: else -> dx = x; x = 0; goto again fi };
fence:          /* waits for whatever is open or prepared; the ledger is read in the same transaction */
  if
  :: atomic { d_step { g[t].slot == FREE -> tx(t); at(raiseFence);
       if :: g[t].fen < e -> g[t].fen = e :: else -> m = (m < g[t].fen -> g[t].fen : m) fi;
       mask = mask | (1 << t);
#ifdef LEDGER_BEFORE_FENCE
       if :: t == 0 && i != 0 -> x = i :: else fi; i = 0;
#elif !defined(ABORT_WITHOUT_LEDGER)
       if :: t == WITNESS && LEDGER(t, r) != 0 -> x = LEDGER(t, r)
          :: t != WITNESS && LEDGER(t, r) != 0 -> doubt = true
          :: else fi;
#endif
       t = 0 }
       if :: x != 0 -> goto honoured :: else -> goto undo fi }
  :: (g[t].slot == PREP || OLD_SESSION(t, r, e - 1)) && OF(g[t].tok) == r -> goto again      /* a late PREPARE */
#if SECOND
  :: atomic { g[t].slot == PREP && OF(g[t].tok) != r && ORPHAN(g[t].tok) -> x = g[t].tok; goto sweep }      /* meanwhile */
#endif
  :: die()
  fi;

finish:
#ifdef NO_TIMELINE_AT_END
#define ASKED_HERE true
#else
  /* The row may be the one of before: what others did in between is forgotten, and was not there when we looked. */
#define ASKED_HERE (tl == TL)
#endif
  if
  :: atomic { d_step { if :: MINE(aborting) && ASKED_HERE ->
                   if :: C.ep < m -> C.ep = m :: else fi;
                   if :: doubt -> C.st = in_doubt; step(markInDoubt)
                      :: !doubt && C.can -> C.st = cancelled; C.tok = 0; step(cancelAborted)
                      :: !doubt && !C.can && C.fail -> C.st = failed; C.tok = 0; step(failAborted)
                      :: else -> C.st = queued; C.att++; C.tl = TL; C.tok = 0; step(requeue) fi;
                   C.own = nobody; x = LOST
                :: MINE(aborting) && !ASKED_HERE -> skip
                :: else -> x = LOST fi }
       if :: x == 0 -> goto settle :: else -> goto idle fi }
  :: die()
  fi;

/* ---- The sweep: token x is prepared at t, and nobody's ------------------------------------------------------------- */
sweep:
  /* Of a run that has succeeded: the database has lost its COMMIT PREPARED. */
#ifdef SWEEP_WITHOUT_STATE
  atomic { i = 0;
#else
  atomic { i = (STATE(OF(x)) == succeeded && TOKEN(OF(x)) == x);
#endif
#ifdef SWEEP_WITHOUT_WITNESS
    goto swept
#else
    if :: i == 1 || t == 0 -> goto swept :: else fi
#endif
  }
  if :: d_step { rollBackAtWitness(0, x) }
     :: die()
  fi;
  d_step { i = (LEDGER(0, OF(x)) == x); atWith(readLedger, 0, x) }
swept:
  if
  :: atomic { d_step {
       if :: HAS_PREPARED(t, x) && i == 1 -> atWith(commitPrepared, t, x); take(t, x)
          :: HAS_PREPARED(t, x) && i == 0 -> dissolve(t); atWith(rollbackPrepared, t, x) :: else fi; i = 0; x = 0 }
       if :: e == 0 -> goto idle :: else -> goto fence fi }
  :: die()
  fi;

/* ---- Retention: what the run has left at its databases first, then the run ----------------------------------------- */
#if RETAIN
retain:
  if
  :: t == N -> goto forget
  :: t < N -> d_step { at(listPrepared); x = (g[t].slot == PREP && OF(g[t].tok) == r) }
#ifndef RETAIN_PREPARED
     if :: x != 0 -> kept = true; x = 0; t++; goto retain :: else -> skip fi;
#endif
#if SECOND
     d_step { x = 0; if :: r == nr -> g[t].led = 0 :: else -> g[t].wasLed = 0 fi; at(deleteLedger); t++ }
#else
     d_step { x = 0; tx(t); g[t].led = 0; at(deleteLedger); t++ }
#endif
     goto retain
  :: die()
  fi;
forget:
  atomic { d_step { if
#if SECOND
     :: r != nr -> if :: !kept -> wasSt = forgotten; wasTok = 0; by(forgets_the_run) :: else fi
#endif
     :: r == nr && !kept && MAY_FORGET -> C.st = forgotten; C.tok = 0; by(forgets_the_run)
     :: else fi; isRetained = false }
  goto idle }
#endif
}

/* ==== The world ===================================================================================================== */
#define M c[0]
proctype world() {
  do
  /* A standby of the control database stops to follow; later it is promoted. Any number of transactions is lost. */
  :: d_step { !calm && nsb < rewinds -> COPY(sb[nsb], M); nsb++; fault(standby_stops_to_follow) }
  :: d_step { !calm && nsb > 0 -> COPY(M, sb[0]); WIPE(sb[0]); if :: nsb > 1 -> WIPE(sb[1]) :: else fi; nsb = 0; rewinds--; TL++; fault(standby_is_promoted) }
  :: d_step { !calm && nsb > 1 -> COPY(M, sb[1]); WIPE(sb[1]); nsb = 1; rewinds--; TL++; fault(standby_is_promoted) }
#define place 0
#define me 9
  :: d_step { !calm && cancels > 0 && (M.st == queued || M.st == running || (M.st == aborting && !M.can)) -> cancels--;
       if
#ifdef END_ON_ANY_TIMELINE
       :: M.st == queued -> M.st = cancelled; step(cancel)
#else
       :: M.st == queued && M.tl == TL -> M.st = cancelled; step(cancel)
#endif
       :: M.st == queued && M.tl != TL -> M.st = aborting; M.ep++; M.own = nobody; M.can = true; step(cancelAfterRewind)
       :: M.st == running -> M.st = aborting; M.ep++; M.own = nobody; M.can = true; step(cancelAttempt)
       :: else -> M.can = true; step(cancelRequeue) fi }
#if SECOND
  /* A request for another run is answered when it is durable everywhere: what was accepted is not lost. */
  :: d_step { nr == 1 && NEXT_MAY_COME -> wasSt = M.st; wasTok = M.tok; mark = ntok; nr = 2;
       g[0].wasLed = g[0].led; g[0].wasEff = g[0].eff; g[0].led = 0; g[0].eff = 0;
       g[1].wasLed = g[1].led; g[1].wasEff = g[1].eff; g[1].led = 0; g[1].eff = 0;
       M.st = queued; M.tok = 0; M.own = nobody; M.att = 1; M.fail = false; M.can = false; M.tl = TL; step(accept);
       WIPE(sb[0]); WIPE(sb[1]); nsb = 0 }
#endif
#undef place
#undef me
#if COPIED
  :: d_step { !calm && c[1].st == 0 -> COPY(c[1], M); fault(control_database_is_copied) }
  :: d_step { c[1].st != 0 && !isForeign -> isForeign = true; fault(adopted_as_copy); if :: c[1].st == queued -> c[1].st = cancelled :: else fi }
#endif
#if TFAIL
  :: d_step { !calm && tf == 1 -> oldt = 0; FOLLOW; fault(standby_of_the_witness_stops_to_follow) }
  :: d_step { !calm && tf == 1 -> oldt = 1; FOLLOW; fault(standby_of_another_database_stops_to_follow) }
  :: d_step { !calm && tf == 2 && oldn > 0 && LOSES -> TARGET(g[oldt], old); if :: g[oldt].slot == OPEN -> free(oldt) :: else fi; NO_STANDBY; fault(database_fails_over) }
#endif
#if LATE
  :: d_step { nop != 0 -> fault(late_request_arrives);
       if :: nop == 1 && HAS_PREPARED(nt, ntk) -> take(nt, ntk)
          :: nop == 2 && HAS_PREPARED(nt, ntk) -> dissolve(nt)
          :: nop == 3 && g[nt].slot == OPEN && g[nt].tok == ntk -> take(nt, ntk) :: else fi; nop = 0; nt = 0; ntk = 0 }
  :: d_step { nop != 0 -> fault(late_request_is_lost); if :: nop == 3 && g[nt].slot == OPEN && g[nt].tok == ntk -> free(nt) :: else fi; nop = 0; nt = 0; ntk = 0 }
#endif
  :: d_step { !calm -> calm = true; rewinds = 0; nsb = 0; WIPE(sb[0]); WIPE(sb[1]); crashes = 0; freezes = 0; cancels = 0; lates = 0; NO_STANDBY }
  :: calm && nop == 0 && (!SECOND || nr == 2 || M.st == in_doubt) && (!COPIED || c[1].st == 0 || isForeign) -> break
  od
}

/* ==== What has to be true at the end ================================================================================ */
#define ALL(what, k) (g[0].what == k && g[1].what == k && g[N-1].what == k)
#define CLEAN (g[0].slot == FREE && g[1].slot == FREE && g[N-1].slot == FREE)
#ifdef ONLY_COMMITS
#define NAMED false     /* that is mended, and no person is needed */
#else
#define NAMED (M.st == in_doubt || told)
#endif

active proctype judge() {
  d_step {
    M.st = queued; M.tl = 1; M.att = 1; M.own = nobody }
  run W(0, 0);
  run W(1, COPIED);
  run world();
end: timeout -> d_step {
    holds(not_torn, NAMED || ALL(eff, 0) || ALL(eff, 1));
    holds(said_as_it_is, NAMED || ((M.st != succeeded || ALL(eff, 1)) && ((M.st != failed && M.st != cancelled) || ALL(eff, 0))));
    holds(ended, FINISHED(M.st) || M.st == in_doubt);
    holds(nothing_left_prepared, CLEAN || M.st == in_doubt);
#if SECOND
    if :: nr == 2 -> holds(earlier_run_not_torn, ALL(wasEff, 0) || ALL(wasEff, 1));
                     holds(earlier_run_as_it_was_said, (wasSt == succeeded -> ALL(wasEff, 1) : ALL(wasEff, 0))) :: else fi;
#endif
#if !TFAIL || defined(ONLY_COMMITS)
    holds(no_person_needed, M.st != in_doubt);
#endif
  }
}
