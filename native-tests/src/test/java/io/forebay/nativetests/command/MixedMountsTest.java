package io.forebay.nativetests.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Await;
import io.forebay.nativetests.ground.Door;
import io.forebay.nativetests.ground.Evidence;
import io.forebay.nativetests.ground.Forebay;
import io.forebay.nativetests.ground.ForebayMount;
import io.forebay.nativetests.ground.MountTable;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several mounts of one container come and go, in any order and through either door; none minds the others. */
class MixedMountsTest {
    private static final int PLACES = 3;
    private static final int STEPS = 16;

    /** These mounts believe what they know for a second. */
    private static final Duration SEEN_LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    final Machine machine = new Machine();

    private final Map<Integer, ForebayMount> mounts = new TreeMap<>();
    private final Map<String, String> files = new TreeMap<>();
    private final List<String> story = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void comeAndGoInAnyOrder(long seed) throws Exception {
        Random random = new Random(seed);
        Store store = machine.store(StoreKind.DIRECTORY);
        Forebay user = machine.userOf(store);
        List<Path> places = List.of(machine.fresh("mnt"), machine.fresh("mnt"), machine.fresh("mnt"));
        List<Path> caches = List.of(machine.fresh("cache"), machine.fresh("cache"), machine.fresh("cache"));
        try {
            for (int step = 0; step < STEPS; step++) {
                int place = random.nextInt(PLACES);
                if (!mounts.containsKey(place)) {
                    Door door = random.nextBoolean() ? Door.KERNEL : Door.JNR_FUSE;
                    story.add("mount " + place + " by " + door);
                    List<String> options = ForebayMount.optionsFor(
                            store, caches.get(place), "--door=" + door.flag(), "--attr-cache-timeout=1s");
                    mounts.put(place, ForebayMount.at(places.get(place), user, options));
                } else if (random.nextInt(3) == 0) {
                    end(place, random);
                } else {
                    write(place, "file" + step, "written at step " + step);
                }
                expectAllFilesEverywhere();
            }
        } catch (Throwable failure) {
            failure.addSuppressed(new Evidence("seed " + seed + ": " + story + "\n" + user.evidence()));
            throw failure;
        }
        for (int place : List.copyOf(mounts.keySet())) {
            end(place, random);
        }
        assertThat(store.blobNames()).containsExactlyInAnyOrderElementsOf(files.keySet());
        machine.expectNothingLeft();
    }

    private void write(int place, String name, String content) throws Exception {
        story.add("write " + name + " at " + place);
        Files.writeString(mounted(place).root().resolve(name), content);
        files.put(name, content);
    }

    /** As a user ends it, as a service manager does, or as it ends when memory is short. */
    private void end(int place, Random random) throws Exception {
        ForebayMount mount = mounted(place);
        mounts.remove(place);
        switch (random.nextInt(3)) {
            case 0 -> {
                story.add("unmount " + place);
                mount.unmount();
            }
            case 1 -> {
                story.add("terminate " + place);
                assertThat(mount.daemon().destroy()).isTrue();
                mount.awaitDaemonEnd();
                Await.until(SEEN_LIMIT, "unmounted", () -> !MountTable.isMounted(mount.root()));
            }
            default -> {
                story.add("kill " + place);
                mount.killDaemon();
                mount.unmount();
            }
        }
    }

    private ForebayMount mounted(int place) {
        return Objects.requireNonNull(mounts.get(place), "nothing is mounted there");
    }

    private void expectAllFilesEverywhere() throws Exception {
        for (ForebayMount mount : mounts.values()) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = mount.root().resolve(file.getKey());
                Await.until(SEEN_LIMIT, path + " is seen", () -> Files.exists(path));
                assertThat(path).hasContent(file.getValue());
            }
        }
    }
}
