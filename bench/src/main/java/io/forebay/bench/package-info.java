/**
 * Measures the kernel door: mounts of the distribution, as processes, against what each promise compares them with.
 *
 * <pre>
 *   DoorBench ── BenchOptions, Workspace (folders, and whatever must be taken away again)
 *       │
 *   rows: FileRows  NewFileRow  DirectReadRows  StartRows  NameRows ── each yields lines of the ReportTable
 *       │                    │
 *   ForebayMount      YardstickMount      processes; the second is yardstick.c, on libfuse 3
 *       └──────── Load ──────┘            load.c: one measurement for each start
 *                  │
 *   Rounds ── Sample, Goal ── Line
 * </pre>
 *
 * <p><b>How it measures.</b> A machine is never quiet, so absolute figures mean little. Each round measures Forebay and,
 * at once, its yardstick; what counts is the median of the rounds' ratios, and the spread is printed beside it. A round
 * before the first is thrown away: it compiles, fills caches, and touches memory for the first time.
 *
 * <p><b>Threads and failure.</b> One thread. Every process has a limit of time. A row that fails becomes a line that
 * says why, and the other rows are still measured; mounts are taken away and files deleted in every case, also when the
 * process is told to stop.
 */
@NullMarked
package io.forebay.bench;

import org.jspecify.annotations.NullMarked;
