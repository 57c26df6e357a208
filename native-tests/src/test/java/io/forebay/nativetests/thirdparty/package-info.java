/**
 * POSIX as others test it: suites that are built from packages, run on a plain folder first and then on mounts.
 *
 * <p>What cannot hold on blobs is in {@code pjdfstest-expected-failures.txt}, each line with its reason. Where the
 * programs cannot be built these tests are skipped, and say so.
 */
@NullMarked
package io.forebay.nativetests.thirdparty;

import org.jspecify.annotations.NullMarked;
