/** What tests share: contract suites, a pinned Azurite, reference models. */
@NullMarked
package io.forebay.testkit;

import org.jspecify.annotations.NullMarked;
