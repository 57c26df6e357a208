package io.forebay.nativetests.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Door;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mounting and unmounting at one place, again and again, leaves nothing on the machine. {@code ./dev soak mounts} does it
 * for as long as wanted; that one process leaks nothing is shown in {@code fs}.
 */
class MountCyclesTest {
    private static final int CYCLES = 10;

    /** From the second mount on everything that stays has been made once. */
    private static final int WARM_CYCLES = 2;

    @RegisterExtension
    final Machine machine = new Machine();

    @ParameterizedTest
    @EnumSource
    void leaveNothingOnTheMachine(Door door) throws Exception {
        Store store = machine.store(StoreKind.DIRECTORY);
        Path temporary = machine.folder("tmp");
        TreeMap<String, String> environment = new TreeMap<>(store.environment());
        environment.put("TMPDIR", temporary.toString());
        Forebay user = machine.user(environment);
        Path mountPoint = machine.fresh("mnt");
        Path cache = machine.fresh("cache");
        List<String> options = ForebayMount.optionsFor(store, cache, "--door=" + door.flag());

        List<Path> warm = List.of();
        for (int cycle = 1; cycle <= CYCLES; cycle++) {
            try (ForebayMount mount = ForebayMount.at(mountPoint, user, options)) {
                Files.writeString(mount.root().resolve("file"), "cycle " + cycle);
                assertThat(mount.root().resolve("file")).hasContent("cycle " + cycle);
            }
            machine.expectNothingLeft();
            assertThat(temporary).isEmptyDirectory();
            if (cycle == WARM_CYCLES) {
                warm = filesThatStay(cache);
            }
        }

        assertThat(filesThatStay(cache)).as("files in the cache, and records").hasSameSizeAs(warm);
        assertThat(store.blobNames()).containsExactly("file");
    }

    /**
     * Of this user's mounts; those of others come and go. Folders do not count: the cache makes one for a range of slots when
     * it first uses it, and keeps it.
     */
    private List<Path> filesThatStay(Path cache) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> cached = Files.walk(cache)) {
            cached.filter(Files::isRegularFile).forEach(files::add);
        }
        Path records = Path.of("/run/forebay");
        if (Files.isDirectory(records)) {
            String mine = machine.work().getFileName().toString();
            try (DirectoryStream<Path> left = Files.newDirectoryStream(records, "*" + mine + "*")) {
                left.forEach(files::add);
            }
        }
        return files;
    }
}
