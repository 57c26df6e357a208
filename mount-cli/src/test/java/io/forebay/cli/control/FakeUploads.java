package io.forebay.cli.control;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.PendingUpload;
import io.forebay.fs.Selection;
import io.forebay.fs.SteeringProgress;
import io.forebay.fs.UploadSteering;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Uploads that notes what it was asked for. */
final class FakeUploads implements UploadSteering {
    final List<String> asked = new ArrayList<>();

    @Override
    public Report report(Selection what, int most) {
        return new Report(
                new Sum(1, 2),
                new Sum(3, 4),
                new Sum(5, 6),
                new Sum(7, most),
                Duration.ofMillis(90_061),
                List.of(new PendingUpload(
                        "a b/f", 6, PendingUpload.State.FAILED, Duration.ofMillis(8), "it does not answer\nat all")),
                List.of(new PendingUpload("c", 0, PendingUpload.State.CONFLICT, Duration.ZERO, "changed")));
    }

    @Override
    public void flush(Selection what, SteeringProgress progress) {
        asked.add("flush " + what.parts().size());
    }

    @Override
    public Conflict conflict(String path) throws ForebayException {
        if (path.equals("none")) {
            throw new ForebayException.NotFound("'none' is not in conflict");
        }
        return new Conflict(
                path,
                new Version(4, Instant.ofEpochSecond(7, 123_456_789), ""),
                path.equals("gone")
                        ? Optional.empty()
                        : Optional.of(new Version(5, Instant.ofEpochSecond(8), "\"0x8D\"")));
    }

    @Override
    public void retry(List<String> paths, SteeringProgress progress) {
        asked.add("retry " + paths);
    }

    @Override
    public void discard(List<String> paths, SteeringProgress progress) throws ForebayException {
        asked.add("discard " + paths);
        throw new ForebayException.Interrupted("stopped");
    }
}
