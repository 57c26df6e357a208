package io.forebay.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * One run of the machine's kernel. What a process wrote outlives the process, but not all of it a run of the kernel: so
 * what was written in another one is believed only where its checksum says so.
 *
 * @param id different for each run
 * @param storage what keeps bytes from one run to the next
 */
record Boot(String id, StableStorage storage) {
    private static final Path KERNELS_OWN = Path.of("/proc/sys/kernel/random/boot_id");

    Boot(String id) {
        this(id, StableStorage.DISKS);
    }

    /** The run that this process is part of; where the kernel does not say, one that never was, so all is checked. */
    static Boot current() {
        try {
            return new Boot(Files.readString(KERNELS_OWN).strip());
        } catch (IOException _) {
            return new Boot(UUID.randomUUID().toString());
        }
    }

    /** The run in 32 bits; never 0. */
    int tag() {
        CRC32C sum = new CRC32C();
        sum.update(id.getBytes(StandardCharsets.UTF_8));
        return Math.max(1, (int) (sum.getValue() >>> 1));
    }
}
