/**
 * Measures mounts of the distribution, as processes, against what each promise compares them with. {@code DoorBench} is
 * about the kernel door, over a folder store; {@code ReadBench} about reading from a simulated store, beside rivals.
 *
 * <pre>
 *   BenchMain ── Suite (DoorBench, ReadBench), BenchOptions, Workspace (folders, and whatever must be taken away again)
 *       │
 *   rows, of the door: FileRows  NewFileRow  DirectReadRows  StartRows  NameRows
 *         of reading:  StoreRow  ColdFileRows  LocalFileRows  ColdRandomRows  EpochRows  ListingRows  CrowdRow  HttpsRows
 *       │                    │ each yields lines of the ReportTable
 *   ForebayMount      YardstickMount (yardstick.c, on libfuse 3)      SimulatedStore (of testkit)      SocketLoop
 *       │ Contender: Forebay  BlobFuse2  Rclone ── ColdRun           processes, all of them
 *       └──────── Load ──────┘            load.c: one measurement for each start
 *                  │
 *   Rounds ── Sample, Goal ── Line
 * </pre>
 *
 * <p><b>How it measures.</b> A machine is never quiet, so absolute figures mean little. Each round measures Forebay and,
 * at once, its yardsticks; what counts is the median of the rounds' ratios, and the spread is printed beside it. A round
 * before the first is thrown away: it compiles, fills caches, and touches memory for the first time. Only what is about
 * a fresh mount has no such round: in a {@code ColdRun} everything is new each time.
 *
 * <p><b>Threads and failure.</b> One thread. Every process has a limit of time. A row that fails becomes a line that
 * says why, and the other rows are still measured; a rival that fails is left out of its row. Mounts are taken away and
 * files deleted in every case, also when the process is told to stop.
 */
@NullMarked
package io.forebay.bench;

import org.jspecify.annotations.NullMarked;
