/**
 * What {@code forebay doctor} looks at: everything of this machine that decides how well a mount can work.
 *
 * <p>An {@link io.forebay.cli.doctor.Examination} makes one {@link io.forebay.cli.doctor.Finding} of each: what is here,
 * what is lost where it is not good, and how to get it. What only the kernel knows is asked with a {@link
 * io.forebay.cli.doctor.TrialMount}, which has a limit of time and leaves nothing behind. Nothing is changed, and no
 * store is asked.
 */
@NullMarked
package io.forebay.cli.doctor;

import org.jspecify.annotations.NullMarked;
