/*
 * The load of the benchmarks: one measurement for each start, printed as numbers on one line. It is C because a program
 * that allocates, compiles and collects while it measures would measure itself.
 *
 *   load touch BYTES                                       touches memory once, so that later users find it mapped
 *   load write FILE BYTES BLOCK                            seconds of the writes, seconds of the fsync; removes the file
 *   load save FILE BYTES BLOCK                             seconds of the writes, seconds of the close
 *   load edit FILE OFFSET BYTES                            seconds of opening, changing so many bytes, and closing
 *   load create FOLDER FILES BYTES                         files a second, created, written and closed one by one
 *   load read FILE BYTES BLOCK buffered|direct             seconds of the open, of the first read, of all reads to BYTES
 *   load pread FILE BYTES BLOCK buffered|direct THREADS SECONDS    reads a second at random offsets, and their number
 *   load crowd FILE BYTES BLOCK PROCESSES                  bytes a second of that many processes that each read all of it
 *   load stat FOLDER NAMES SECONDS                         stats a second, of f000000 and so on, at random
 *   load absent FOLDER NAMES                               stats a second, of names that are not there
 *   load list FOLDER TIMES                                 entries a second, each listed and asked for its attributes
 *   load epoch FOLDER NAMES BYTES THREADS                  files a second: f000000 and so on, each read once, shuffled
 *   load cost PROGRAM WORD...                              seconds of processor time of that program, run silently
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

/* As a checkpoint is saved: without an fsync. */
static void save(const char *file, size_t bytes, size_t block_bytes) {
    char *block = aligned_block(block_bytes);
    uint64_t state = 7;
    for (size_t at = 0; at < block_bytes; at += sizeof state) {
        memcpy(block + at, &state, sizeof state);
        next_random(&state);
    }
    double start = now();
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) {
        fail(file);
    }
    for (size_t written = 0; written < bytes; written += block_bytes) {
        if (write(fd, block, block_bytes) != (ssize_t) block_bytes) {
            fail("write");
        }
    }
    double written_at = now();
    if (close(fd) != 0) {
        fail("close");
    }
    printf("%.6f %.6f\n", written_at - start, now() - written_at);
}

/* Changes a part of a file that exists. */
static void edit(const char *file, off_t offset, size_t bytes) {
    char *block = aligned_block(bytes);
    memset(block, 0x5a, bytes);
    double start = now();
    int fd = open(file, O_RDWR);
    if (fd < 0) {
        fail(file);
    }
    if (pwrite(fd, block, bytes, offset) != (ssize_t) bytes) {
        fail("pwrite");
    }
    if (close(fd) != 0) {
        fail("close");
    }
    printf("%.6f\n", now() - start);
}

/* Makes f000000 and so on, one after the other. */
static void create_files(const char *folder, unsigned files, size_t bytes) {
    char *block = aligned_block(bytes);
    memset(block, 0x5a, bytes);
    char path[4096];
    double start = now();
    for (unsigned number = 0; number < files; number++) {
        snprintf(path, sizeof path, "%s/f%06u", folder, number);
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
        if (fd < 0) {
            fail(path);
        }
        if (write(fd, block, bytes) != (ssize_t) bytes) {
            fail("write");
        }
        if (close(fd) != 0) {
            fail("close");
        }
    }
    printf("%.3f\n", files / (now() - start));
}

static void read_block(int fd, char *block, size_t block_bytes) {
    errno = 0;
    if (read(fd, block, block_bytes) != (ssize_t) block_bytes) {
        fail("read");
    }
}

static void read_sequentially(const char *file, size_t bytes, size_t block_bytes, const char *how) {
    char *block = aligned_block(block_bytes);
    double start = now();
    int fd = open_for_reading(file, how);
    double open_at = now();
    read_block(fd, block, block_bytes);
    double first_at = now();
    for (size_t at = block_bytes; at < bytes; at += block_bytes) {
        read_block(fd, block, block_bytes);
    }
    printf("%.6f %.6f %.6f\n", open_at - start, first_at - open_at, now() - open_at);
}

static void await_children(int count) {
    for (int i = 0; i < count; i++) {
        int status;
        if (wait(&status) < 0) {
            fail("wait");
        }
        if (status != 0) {
            fprintf(stderr, "load: a process ended with status %d\n", status);
            exit(1);
        }
    }
}

static void read_in_a_crowd(const char *file, size_t bytes, size_t block_bytes, int processes) {
    double start = now();
    for (int i = 0; i < processes; i++) {
        pid_t child = fork();
        if (child < 0) {
            fail("fork");
        }
        if (child == 0) {
            // Whoever stops the measurement stops the crowd.
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            char *block = aligned_block(block_bytes);
            int fd = open_for_reading(file, "buffered");
            for (size_t at = 0; at < bytes; at += block_bytes) {
                read_block(fd, block, block_bytes);
            }
            _exit(0);
        }
    }
    await_children(processes);
    printf("%.0f\n", (double) bytes * processes / (now() - start));
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
    printf("%.1f %llu\n", operations / (now() - start), (unsigned long long) operations);
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

static void stat_absent(const char *folder, unsigned names) {
    if (chdir(folder) != 0) {
        fail(folder);
    }
    double start = now();
    for (unsigned i = 0; i < names; i++) {
        char name[24];
        struct stat found;
        snprintf(name, sizeof name, "absent-%06u", i);
        if (stat(name, &found) == 0 || errno != ENOENT) {
            fail(name);
        }
    }
    printf("%.1f\n", names / (now() - start));
}

static uint64_t list_once(const char *folder) {
    DIR *listing = opendir(folder);
    if (listing == NULL) {
        fail(folder);
    }
    uint64_t entries = 0;
    struct dirent *entry;
    while (errno = 0, (entry = readdir(listing)) != NULL) {
        struct stat found;
        if (fstatat(dirfd(listing), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) {
            fail(entry->d_name);
        }
        entries++;
    }
    if (errno != 0) {
        fail("readdir");
    }
    closedir(listing);
    return entries;
}

static void list(const char *folder, int times) {
    uint64_t entries = 0;
    double start = now();
    for (int i = 0; i < times; i++) {
        entries += list_once(folder);
    }
    printf("%.1f\n", entries / (now() - start));
}

/* Files in a shuffled order, of which each of several threads takes the next. */
struct epoch {
    int folder;
    unsigned files;
    size_t bytes;
    unsigned *order;
    atomic_uint next;
};

static void read_file(struct epoch *epoch, unsigned number, char *block) {
    char name[16];
    snprintf(name, sizeof name, "f%06u", number);
    int fd = openat(epoch->folder, name, O_RDONLY);
    if (fd < 0) {
        fail(name);
    }
    size_t at = 0;
    ssize_t got;
    while ((got = read(fd, block + at, epoch->bytes + 1 - at)) > 0) {
        at += got;
    }
    if (got < 0 || at != epoch->bytes) {
        fail(name);
    }
    close(fd);
}

static void *read_files(void *argument) {
    struct epoch *epoch = argument;
    // One more than there should be, so that a read at the end tells that it is the end, as it does for cat.
    char *block = aligned_block(epoch->bytes + 1);
    unsigned turn;
    while ((turn = atomic_fetch_add(&epoch->next, 1)) < epoch->files) {
        read_file(epoch, epoch->order[turn], block);
    }
    free(block);
    return NULL;
}

static unsigned *shuffled(unsigned count) {
    unsigned *order = malloc(count * sizeof *order);
    uint64_t seed = 1442695040888963407ULL;
    for (unsigned i = 0; i < count; i++) {
        unsigned other = next_random(&seed) % (i + 1);
        order[i] = order[other];
        order[other] = i;
    }
    return order;
}

static void read_epoch(const char *folder, unsigned files, size_t bytes, int threads) {
    struct epoch epoch = {.files = files, .bytes = bytes, .order = shuffled(files)};
    pthread_t *readers = calloc(threads, sizeof *readers);
    double start = now();
    if ((epoch.folder = open(folder, O_RDONLY | O_DIRECTORY)) < 0) {
        fail(folder);
    }
    for (int i = 0; i < threads; i++) {
        if ((errno = pthread_create(&readers[i], NULL, read_files, &epoch)) != 0) {
            fail("thread");
        }
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(readers[i], NULL);
    }
    printf("%.1f\n", files / (now() - start));
}

static double seconds_of(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

static void measure_cost(char **program) {
    pid_t child = fork();
    if (child < 0) {
        fail("fork");
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (freopen("/dev/null", "w", stdout) == NULL) {
            fail("/dev/null");
        }
        execvp(program[0], program);
        fail(program[0]);
    }
    await_children(1);
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    printf("%.3f\n", seconds_of(used.ru_utime) + seconds_of(used.ru_stime));
}

int main(int count, char **words) {
    const char *what = count > 1 ? words[1] : "";
    if (strcmp(what, "touch") == 0 && count == 3) {
        touch(strtoull(words[2], NULL, 10));
    } else if (strcmp(what, "write") == 0 && count == 5) {
        write_new_file(words[2], strtoull(words[3], NULL, 10), strtoull(words[4], NULL, 10));
    } else if (strcmp(what, "save") == 0 && count == 5) {
        save(words[2], strtoull(words[3], NULL, 10), strtoull(words[4], NULL, 10));
    } else if (strcmp(what, "edit") == 0 && count == 5) {
        edit(words[2], strtoll(words[3], NULL, 10), strtoull(words[4], NULL, 10));
    } else if (strcmp(what, "create") == 0 && count == 5) {
        create_files(words[2], atoi(words[3]), strtoull(words[4], NULL, 10));
    } else if (strcmp(what, "read") == 0 && count == 6) {
        read_sequentially(words[2], strtoull(words[3], NULL, 10), strtoull(words[4], NULL, 10), words[5]);
    } else if (strcmp(what, "pread") == 0 && count == 8) {
        read_randomly(words[2], strtoull(words[3], NULL, 10), strtoull(words[4], NULL, 10), words[5], atoi(words[6]),
                      atof(words[7]));
    } else if (strcmp(what, "crowd") == 0 && count == 6) {
        read_in_a_crowd(words[2], strtoull(words[3], NULL, 10), strtoull(words[4], NULL, 10), atoi(words[5]));
    } else if (strcmp(what, "stat") == 0 && count == 5) {
        stat_randomly(words[2], strtoull(words[3], NULL, 10), atof(words[4]));
    } else if (strcmp(what, "absent") == 0 && count == 4) {
        stat_absent(words[2], atoi(words[3]));
    } else if (strcmp(what, "list") == 0 && count == 4) {
        list(words[2], atoi(words[3]));
    } else if (strcmp(what, "epoch") == 0 && count == 6) {
        read_epoch(words[2], atoi(words[3]), strtoull(words[4], NULL, 10), atoi(words[5]));
    } else if (strcmp(what, "cost") == 0 && count > 2) {
        measure_cost(words + 2);
    } else {
        fprintf(stderr, "load: see the head of load.c\n");
        return 2;
    }
    return 0;
}
