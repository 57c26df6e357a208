/**
 * Where a test stands. {@link io.forebay.nativetests.ground.Ground} is a folder with a promise of POSIX behaviour:
 * {@link io.forebay.nativetests.ground.PlainGround} is one of the local disk, and proves the tests;
 * {@link io.forebay.nativetests.ground.MountedGround} is a Forebay mount of a store through a door.
 *
 * <p>A ground that honestly cannot do something says so with a {@link io.forebay.nativetests.ground.Capability} and a
 * reason; the tests then demand a clean refusal instead. {@link io.forebay.nativetests.ground.Forebay} is the command
 * with a home folder of its own, so that its processes can be counted and its logs found;
 * {@link io.forebay.nativetests.ground.ForebayMount} is one mount, which is taken away in every case.
 */
@NullMarked
package io.forebay.nativetests.ground;

import org.jspecify.annotations.NullMarked;
