/** The jobs that people do on a file system, each done on a mount and on a plain folder, compared and timed. */
@NullMarked
package io.forebay.nativetests.scenario;

import org.jspecify.annotations.NullMarked;
