/*
 * The load of the benchmarks: one measurement for each start, printed as numbers on one line. It is C because a program
 * that allocates, compiles and collects while it measures would measure itself.
 *
 *   load touch BYTES                                       touches memory once, so that later users find it mapped
 *   load write FILE BYTES BLOCK                            seconds of the writes, seconds of the fsync; removes the file
 *   load read FILE BYTES BLOCK buffered|direct             bytes a second, from the start to BYTES
 *   load pread FILE BYTES BLOCK buffered|direct THREADS SECONDS    reads a second, at random offsets
 *   load stat FOLDER NAMES SECONDS                         stats a second, of f000000 and so on, at random
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ALIGNMENT 4096
#define OPERATIONS_BETWEEN_LOOKS_AT_THE_CLOCK 16

static void fail(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static char *aligned_block(size_t bytes) {
    void *block;
    if (posix_memalign(&block, ALIGNMENT, bytes) != 0) {
        errno = ENOMEM;
        fail("memory");
    }
    uint64_t state = 88172645463325252ULL;
    for (size_t at = 0; at + sizeof state <= bytes; at += sizeof state) {
        uint64_t word = next_random(&state);
        memcpy((char *) block + at, &word, sizeof word);
    }
    return block;
}

static int open_for_reading(const char *file, const char *how) {
    int fd = open(file, O_RDONLY | (strcmp(how, "direct") == 0 ? O_DIRECT : 0));
    if (fd < 0) {
        fail(file);
    }
    return fd;
}

static void touch(size_t bytes) {
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        fail("touch");
    }
    for (size_t at = 0; at < bytes; at += ALIGNMENT) {
        memory[at] = 1;
    }
    printf("%zu\n", bytes);
}

static void write_new_file(const char *file, size_t bytes, size_t block_bytes) {
    char *block = aligned_block(block_bytes);
    int fd = open(file, O_CREAT | O_EXCL | O_WRONLY, 0644);
    if (fd < 0) {
        fail(file);
    }
    double start = now();
    for (size_t written = 0; written < bytes; written += block_bytes) {
        if (write(fd, block, block_bytes) != (ssize_t) block_bytes) {
            fail("write");
        }
    }
    double written_at = now();
    if (fsync(fd) != 0) {
        fail("fsync");
    }
    double synced_at = now();
    // Before the close, which has nothing to save then.
    if (unlink(file) != 0) {
        fail("unlink");
    }
    close(fd);
    printf("%.6f %.6f\n", written_at - start, synced_at - written_at);
}

static void read_sequentially(const char *file, size_t bytes, size_t block_bytes, const char *how) {
    char *block = aligned_block(block_bytes);
    int fd = open_for_reading(file, how);
    double start = now();
    for (size_t at = 0; at < bytes; at += block_bytes) {
        if (read(fd, block, block_bytes) != (ssize_t) block_bytes) {
            fail("read");
        }
    }
    printf("%.0f\n", bytes / (now() - start));
}

struct reader {
    pthread_t thread;
    int fd;
    size_t bytes;
    size_t block_bytes;
    double seconds;
    uint64_t seed;
    uint64_t operations;
};

static void *read_at_random(void *argument) {
    struct reader *reader = argument;
    char *block = aligned_block(reader->block_bytes);
    uint64_t blocks = reader->bytes / reader->block_bytes;
    double end = now() + reader->seconds;
    while (now() < end) {
        for (int i = 0; i < OPERATIONS_BETWEEN_LOOKS_AT_THE_CLOCK; i++) {
            off_t at = (off_t) (next_random(&reader->seed) % blocks * reader->block_bytes);
            if (pread(reader->fd, block, reader->block_bytes, at) != (ssize_t) reader->block_bytes) {
                fail("pread");
            }
            reader->operations++;
        }
    }
    free(block);
    return NULL;
}

static void read_randomly(
        const char *file, size_t bytes, size_t block_bytes, const char *how, int threads, double seconds) {
    struct reader *readers = calloc(threads, sizeof *readers);
    uint64_t operations = 0;
    double start = now();
    for (int i = 0; i < threads; i++) {
        readers[i] = (struct reader){.fd = open_for_reading(file, how),
                                     .bytes = bytes,
                                     .block_bytes = block_bytes,
                                     .seconds = seconds,
                                     .seed = 1442695040888963407ULL * (i + 1)};
        if ((errno = pthread_create(&readers[i].thread, NULL, read_at_random, &readers[i])) != 0) {
            fail("thread");
        }
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(readers[i].thread, NULL);
        operations += readers[i].operations;
    }
    printf("%.1f\n", operations / (now() - start));
}

static void stat_randomly(const char *folder, uint64_t names, double seconds) {
    if (chdir(folder) != 0) {
        fail(folder);
    }
    uint64_t seed = 1442695040888963407ULL;
    uint64_t operations = 0;
    double start = now();
    double end = start + seconds;
    while (now() < end) {
        for (int i = 0; i < OPERATIONS_BETWEEN_LOOKS_AT_THE_CLOCK; i++) {
            char name[16];
            struct stat found;
            snprintf(name, sizeof name, "f%06u", (unsigned) (next_random(&seed) % names));
            if (stat(name, &found) != 0) {
                fail(name);
            }
            operations++;
        }
    }
    printf("%.1f\n", operations / (now() - start));
}

int main(int count, char **words) {
    const char *what = count > 1 ? words[1] : "";
    if (strcmp(what, "touch") == 0 && count == 3) {
        touch(strtoull(words[2], NULL, 10));
    } else if (strcmp(what, "write") == 0 && count == 5) {
        write_new_file(words[2], strtoull(words[3], NULL, 10), strtoull(words[4], NULL, 10));
    } else if (strcmp(what, "read") == 0 && count == 6) {
        read_sequentially(words[2], strtoull(words[3], NULL, 10), strtoull(words[4], NULL, 10), words[5]);
    } else if (strcmp(what, "pread") == 0 && count == 8) {
        read_randomly(words[2], strtoull(words[3], NULL, 10), strtoull(words[4], NULL, 10), words[5], atoi(words[6]),
                      atof(words[7]));
    } else if (strcmp(what, "stat") == 0 && count == 5) {
        stat_randomly(words[2], strtoull(words[3], NULL, 10), atof(words[4]));
    } else {
        fprintf(stderr, "load: see the head of load.c\n");
        return 2;
    }
    return 0;
}
