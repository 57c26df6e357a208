package io.forebay.cli.control;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.CacheSteering;
import io.forebay.fs.PendingUpload;
import io.forebay.fs.SteeringProgress;
import io.forebay.fs.UploadSteering;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How answers look on the wire: both directions of each in one place. */
final class Answers {
    static final String PROGRESS = "progress";
    static final String FAILED = "failed";
    static final String DISK = "disk";
    static final String FAILED_DISK = "failed-disk";
    static final String GROUP = "group";
    static final String CACHE = "cache";
    static final String COUNTER = "counter";
    static final String UPLOADS = "uploads";
    static final String UPLOAD = "upload";
    static final String CONFLICT = "conflict";
    /** The last one. */
    static final String DONE = "done";
    /** The last one, instead: with the reason. */
    static final String REFUSED = "refused";

    private Answers() {}

    static Message of(SteeringProgress.State state) {
        return Message.of(
                PROGRESS,
                "found-files",
                state.foundFiles(),
                "found-bytes",
                state.foundBytes(),
                "found-all",
                state.foundAll(),
                "present-files",
                state.presentFiles(),
                "present-bytes",
                state.presentBytes(),
                "done-files",
                state.doneFiles(),
                "done-bytes",
                state.doneBytes(),
                "failed-files",
                state.failedFiles());
    }

    static SteeringProgress.State state(Message message) throws ForebayException {
        return new SteeringProgress.State(
                message.number("found-files"),
                message.number("found-bytes"),
                message.flag("found-all"),
                message.number("present-files"),
                message.number("present-bytes"),
                message.number("done-files"),
                message.number("done-bytes"),
                message.number("failed-files"));
    }

    static Message of(SteeringProgress.Failure failure) {
        return Message.of(FAILED, "path", failure.path(), "reason", failure.reason());
    }

    static SteeringProgress.Failure failure(Message message) throws ForebayException {
        return new SteeringProgress.Failure(message.text("path"), message.text("reason"));
    }

    static Message of(CacheSteering.Disk disk) {
        return Message.of(
                DISK,
                "path",
                disk.path(),
                "limit-bytes",
                disk.limitBytes(),
                "resting-bytes",
                disk.restingBytes(),
                "pinned-bytes",
                disk.pinnedBytes(),
                "free-bytes",
                disk.freeBytes(),
                "total-bytes",
                disk.totalBytes());
    }

    static CacheSteering.Disk disk(Message message) throws ForebayException {
        return new CacheSteering.Disk(
                message.text("path"),
                message.number("limit-bytes"),
                message.number("resting-bytes"),
                message.number("pinned-bytes"),
                message.number("free-bytes"),
                message.number("total-bytes"));
    }

    static Message of(CacheSteering.FailedDisk disk) {
        return Message.of(FAILED_DISK, "path", disk.path(), "reason", disk.reason());
    }

    static CacheSteering.FailedDisk failedDisk(Message message) throws ForebayException {
        return new CacheSteering.FailedDisk(message.text("path"), message.text("reason"));
    }

    static Message of(CacheSteering.Group group) {
        return Message.of(GROUP, "path", group.path(), "files", group.files(), "bytes", group.bytes());
    }

    static CacheSteering.Group group(Message message) throws ForebayException {
        return new CacheSteering.Group(message.text("path"), message.number("files"), message.number("bytes"));
    }

    /** Failures and conflicts first, the sums last. */
    static List<Message> of(UploadSteering.Report report) {
        List<Message> all = new ArrayList<>();
        report.failures().forEach(file -> all.add(of(file)));
        report.conflicts().forEach(file -> all.add(of(file)));
        all.add(Message.of(
                UPLOADS,
                "waiting-files",
                report.waiting().files(),
                "waiting-bytes",
                report.waiting().bytes(),
                "uploading-files",
                report.uploading().files(),
                "uploading-bytes",
                report.uploading().bytes(),
                "failed-files",
                report.failed().files(),
                "failed-bytes",
                report.failed().bytes(),
                "conflict-files",
                report.conflicting().files(),
                "conflict-bytes",
                report.conflicting().bytes(),
                "oldest-millis",
                report.oldest().toMillis()));
        return all;
    }

    static UploadSteering.Report report(Message sums, List<PendingUpload> files) throws ForebayException {
        return new UploadSteering.Report(
                sum(sums, "waiting"),
                sum(sums, "uploading"),
                sum(sums, "failed"),
                sum(sums, "conflict"),
                Duration.ofMillis(sums.number("oldest-millis")),
                inState(files, PendingUpload.State.FAILED),
                inState(files, PendingUpload.State.CONFLICT));
    }

    private static UploadSteering.Sum sum(Message sums, String what) throws ForebayException {
        return new UploadSteering.Sum(sums.number(what + "-files"), sums.number(what + "-bytes"));
    }

    private static List<PendingUpload> inState(List<PendingUpload> files, PendingUpload.State state) {
        return files.stream().filter(file -> file.state() == state).toList();
    }

    private static Message of(PendingUpload file) {
        return Message.of(
                UPLOAD,
                "path",
                file.path(),
                "size",
                file.sizeBytes(),
                "state",
                file.state(),
                "age-millis",
                file.age().toMillis(),
                "reason",
                file.reason());
    }

    static PendingUpload upload(Message message) throws ForebayException {
        return new PendingUpload(
                message.text("path"),
                message.number("size"),
                uploadState(message.text("state")),
                Duration.ofMillis(message.number("age-millis")),
                message.text("reason"));
    }

    private static PendingUpload.State uploadState(String word) throws ForebayException {
        try {
            return PendingUpload.State.valueOf(word);
        } catch (IllegalArgumentException other) {
            throw new ForebayException.InvalidArgument("'" + word + "' is no state of an upload", other);
        }
    }

    static Message of(UploadSteering.Conflict conflict) {
        Message ours = Message.of(
                CONFLICT,
                "path",
                conflict.path(),
                "our-size",
                conflict.ours().sizeBytes(),
                "our-time",
                conflict.ours().modified(),
                "our-etag",
                conflict.ours().etag(),
                "theirs",
                conflict.theirs().isPresent());
        if (conflict.theirs().isEmpty()) {
            return ours;
        }
        UploadSteering.Version theirs = conflict.theirs().get();
        Map<String, String> both = new LinkedHashMap<>(ours.fields());
        both.put("their-size", Long.toString(theirs.sizeBytes()));
        both.put("their-time", theirs.modified().toString());
        both.put("their-etag", theirs.etag());
        return new Message(CONFLICT, both);
    }

    static UploadSteering.Conflict conflict(Message message) throws ForebayException {
        return new UploadSteering.Conflict(
                message.text("path"),
                version(message, "our"),
                message.flag("theirs") ? Optional.of(version(message, "their")) : Optional.empty());
    }

    private static UploadSteering.Version version(Message message, String whose) throws ForebayException {
        try {
            return new UploadSteering.Version(
                    message.number(whose + "-size"),
                    Instant.parse(message.text(whose + "-time")),
                    message.text(whose + "-etag"));
        } catch (DateTimeParseException other) {
            throw new ForebayException.InvalidArgument("a time of the control protocol is damaged", other);
        }
    }
}
