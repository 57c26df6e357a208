package io.forebay.cli;

import io.forebay.base.error.ForebayException;
import io.forebay.cli.mount.MountPoint;
import io.forebay.cli.mount.MountRecord;
import io.forebay.cli.mount.MountRecords;
import io.forebay.cli.mount.MountTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code forebay list}: the kernel's mounts, joined with what is on record about them. */
final class ListCommand {
    private static final Row HEAD = new Row("mount point", "store", "door", "pid", "state");

    private final Host host;

    ListCommand(Host host) {
        this.host = host;
    }

    int run() throws ForebayException {
        List<Row> rows = rows(MountTable.read(), new MountRecords(host.recordFolder()));
        if (rows.isEmpty()) {
            host.out().println("nothing is mounted");
        } else {
            host.out().print(table(rows));
        }
        return Main.DONE;
    }

    static List<Row> rows(MountTable table, MountRecords records) throws ForebayException {
        List<Row> rows = new ArrayList<>();
        for (MountTable.Mount mount : table.ofForebay()) {
            rows.add(mounted(mount, records.find(mount.mountPoint())));
        }
        for (MountRecord record : records.all()) {
            if (table.ofForebay().stream().noneMatch(mount -> mount.mountPoint().equals(record.mountPoint()))) {
                rows.add(Row.of(record, unmountedState(record)));
            }
        }
        return rows;
    }

    private static Row mounted(MountTable.Mount mount, Optional<MountRecord> record) {
        return record.map(known -> Row.of(known, known.process().isAlive() ? "alive" : "dead"))
                .orElseGet(() -> new Row(mount.mountPoint(), mount.source(), MountPoint.isDead(mount.mountPoint())));
    }

    private static String unmountedState(MountRecord record) {
        if (record.process().isAlive()) {
            return "unmounted, uploading";
        }
        return record.failure().map(reason -> "failed: " + reason).orElse("dead");
    }

    private static String table(List<Row> rows) {
        List<Row> all = new ArrayList<>(rows);
        all.addFirst(HEAD);
        int point =
                all.stream().mapToInt(row -> row.mountPoint().length()).max().orElse(0);
        int store = all.stream().mapToInt(row -> row.store().length()).max().orElse(0);
        StringBuilder lines = new StringBuilder();
        for (Row row : all) {
            lines.append(String.format(
                    Locale.ROOT,
                    "%-" + point + "s  %-" + store + "s  %-8s  %-8s  %s%n",
                    row.mountPoint(),
                    row.store(),
                    row.door(),
                    row.pid(),
                    row.state()));
        }
        return lines.toString();
    }

    /** One line of the table. */
    record Row(String mountPoint, String store, String door, String pid, String state) {
        /** A mount that is on nobody's record: another user's, or one whose record was lost. */
        Row(Path mountPoint, String source, boolean dead) {
            this(mountPoint.toString(), source, "?", "?", dead ? "dead" : "alive");
        }

        static Row of(MountRecord record, String state) {
            return new Row(
                    record.mountPoint().toString(),
                    record.store(),
                    record.door(),
                    Long.toString(record.process().pid()),
                    state);
        }
    }
}
