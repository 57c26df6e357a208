/*
 * What the kernel door is measured against: a file system that answers from memory, as fast as libfuse's low-level
 * interface lets one. It has one file "data", whose bytes are sent from where they lie, and files f000000 and so on
 * that are empty. The kernel may remember nothing of names and attributes, and checks permissions itself, as it does for
 * Forebay: so both are asked the same.
 *
 *   yardstick MOUNTPOINT DATA_BYTES NAMES     serves until it is unmounted or terminated
 */
#define FUSE_USE_VERSION 314
#include <errno.h>
#include <fuse_lowlevel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define DATA_INODE 2
#define FIRST_NAMED_INODE 3

static char *data;
static size_t data_bytes;
static unsigned names;

static struct stat attributes_of(fuse_ino_t inode) {
    struct stat attributes = {.st_ino = inode, .st_nlink = 1, .st_mode = S_IFREG | 0644};
    if (inode == FUSE_ROOT_ID) {
        attributes.st_mode = S_IFDIR | 0755;
    } else if (inode == DATA_INODE) {
        attributes.st_size = (off_t) data_bytes;
    }
    return attributes;
}

static int exists(fuse_ino_t inode) {
    return inode >= FUSE_ROOT_ID && inode < FIRST_NAMED_INODE + names;
}

static fuse_ino_t inode_of(const char *name) {
    if (strcmp(name, "data") == 0) {
        return DATA_INODE;
    }
    char *end;
    unsigned long number = name[0] == 'f' ? strtoul(name + 1, &end, 10) : names;
    return number < names && *end == 0 ? FIRST_NAMED_INODE + number : 0;
}

static void lookup(fuse_req_t request, fuse_ino_t parent, const char *name) {
    fuse_ino_t inode = parent == FUSE_ROOT_ID ? inode_of(name) : 0;
    if (inode == 0) {
        fuse_reply_err(request, ENOENT);
        return;
    }
    struct fuse_entry_param entry = {.ino = inode, .attr = attributes_of(inode)};
    fuse_reply_entry(request, &entry);
}

static void getattr(fuse_req_t request, fuse_ino_t inode, struct fuse_file_info *file) {
    (void) file;
    if (!exists(inode)) {
        fuse_reply_err(request, ENOENT);
        return;
    }
    struct stat attributes = attributes_of(inode);
    fuse_reply_attr(request, &attributes, 0);
}

static void open_file(fuse_req_t request, fuse_ino_t inode, struct fuse_file_info *file) {
    if (inode == FUSE_ROOT_ID) {
        fuse_reply_err(request, EISDIR);
        return;
    }
    fuse_reply_open(request, file);
}

static void read_file(fuse_req_t request, fuse_ino_t inode, size_t bytes, off_t offset, struct fuse_file_info *file) {
    (void) file;
    size_t length = inode == DATA_INODE ? data_bytes : 0;
    size_t from = (size_t) offset < length ? (size_t) offset : length;
    fuse_reply_buf(request, data + from, bytes < length - from ? bytes : length - from);
}

static const struct fuse_lowlevel_ops OPERATIONS = {
    .lookup = lookup,
    .getattr = getattr,
    .open = open_file,
    .read = read_file,
};

static int serve(const char *mount_point) {
    char *options[] = {"yardstick", "-ofsname=yardstick,default_permissions"};
    struct fuse_args arguments = FUSE_ARGS_INIT(2, options);
    struct fuse_session *session = fuse_session_new(&arguments, &OPERATIONS, sizeof OPERATIONS, NULL);
    if (session == NULL || fuse_set_signal_handlers(session) != 0 || fuse_session_mount(session, mount_point) != 0) {
        return 1;
    }
    struct fuse_loop_config *loop = fuse_loop_cfg_create();
    fuse_loop_cfg_set_clone_fd(loop, 1);
    int result = fuse_session_loop_mt(session, loop);
    fuse_loop_cfg_destroy(loop);
    fuse_session_unmount(session);
    fuse_remove_signal_handlers(session);
    fuse_session_destroy(session);
    return result != 0;
}

int main(int count, char **words) {
    if (count != 4) {
        fprintf(stderr, "yardstick MOUNTPOINT DATA_BYTES NAMES\n");
        return 2;
    }
    data_bytes = strtoull(words[2], NULL, 10);
    names = (unsigned) strtoul(words[3], NULL, 10);
    data = mmap(NULL, data_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) {
        perror("yardstick: memory");
        return 1;
    }
    memset(data, 'y', data_bytes);
    return serve(words[1]);
}
