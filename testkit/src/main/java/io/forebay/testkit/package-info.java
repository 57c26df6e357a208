/** What tests share: contract suites, a pinned Azurite, a simulator of Blob storage, reference models. */
@NullMarked
package io.forebay.testkit;

import org.jspecify.annotations.NullMarked;
