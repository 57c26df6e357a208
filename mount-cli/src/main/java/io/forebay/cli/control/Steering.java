package io.forebay.cli.control;

import io.forebay.fs.CacheSteering;
import io.forebay.fs.UploadSteering;

/**
 * What a mount can be asked for.
 *
 * @param cache about what it has fetched
 * @param uploads about what it has not sent yet
 */
public record Steering(CacheSteering cache, UploadSteering uploads) {}
