package io.forebay.cli;

import io.forebay.base.error.ForebayException;
import io.forebay.cli.control.ControlClient;
import io.forebay.cli.control.ControlSockets;
import io.forebay.cli.mount.MountRecord;
import io.forebay.cli.mount.MountRecords;
import io.forebay.cli.mount.MountTable;
import io.forebay.cli.mount.MountedPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the mounts that paths of a command line are in, and whom to ask there. */
final class SteeredMounts {
    /** A mount speaks five times a second; one whose machine is busy gets the benefit of the doubt. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Host host;
    private final MountRecords records;

    SteeredMounts(Host host) {
        this.host = host;
        this.records = new MountRecords(host.recordFolder());
    }

    /**
     * A mount, and what of it was named.
     *
     * @param inside each path from the root of the mount; empty text for all of it
     */
    record Named(MountRecord mount, List<String> inside) {
        /** A path from the root of the mount, as it is seen from outside. */
        String shown(String path) {
            return mount.mountPoint().resolve(path.startsWith("/") ? path.substring(1) : path)
                    + (path.endsWith("/") ? "/" : "");
        }
    }

    /** @throws ForebayException with a sentence, if one of the paths is in no mount of this user */
    List<Named> of(List<String> written) throws ForebayException {
        MountTable table = MountTable.read();
        Map<Path, List<String>> byMountPoint = new LinkedHashMap<>();
        for (String path : written) {
            MountedPath found = MountedPath.of(host.workingFolder().resolve(path), table);
            byMountPoint
                    .computeIfAbsent(found.mountPoint(), _ -> new ArrayList<>())
                    .add(found.inside());
        }
        List<Named> named = new ArrayList<>();
        for (Map.Entry<Path, List<String>> mount : byMountPoint.entrySet()) {
            named.add(new Named(recordOf(mount.getKey()), mount.getValue()));
        }
        return named;
    }

    /** Those of {@code written}, or if nothing is, {@linkplain #all all}. */
    List<Named> allOr(List<String> written) throws ForebayException {
        return written.isEmpty() ? all() : of(written);
    }

    /** All of this user that live. */
    private List<Named> all() throws ForebayException {
        return records.all().stream()
                .filter(record -> record.process().isAlive())
                .map(record -> new Named(record, List.of("")))
                .toList();
    }

    private MountRecord recordOf(Path mountPoint) throws ForebayException {
        return records.find(mountPoint)
                .orElseThrow(() -> new ForebayException.Denied("the mount at " + mountPoint
                        + " is not one of yours, or not on record: only the user who mounted it can do this"));
    }

    ControlClient client(Named named) {
        return new ControlClient(ControlSockets.beside(host.recordFolder()), named.mount(), PATIENCE);
    }
}
