/**
 * Azurite for tests: installed once at a pinned version by {@code tools/azurite-install}, started on a free port, asked
 * until it answers, and stopped in every case. Where Node.js is missing the tests fail and say so; they are not skipped.
 */
@NullMarked
package io.forebay.testkit.azurite;

import org.jspecify.annotations.NullMarked;
