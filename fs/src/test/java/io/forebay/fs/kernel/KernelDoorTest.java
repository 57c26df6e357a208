package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.metric.Metric;
import io.forebay.fs.FileSystemOperations;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs see of a mount, whether requests are answered by the thread that reads them or by virtual threads. */
@ParameterizedClass(name = "answered at once: {0}")
@ValueSource(booleans = {true, false})
final class KernelDoorTest {
    @Parameter
    boolean local;

    @TempDir
    Path scratch;

    private MountedTree mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = MountedTree.mount(scratch);
        mounted.tree.local = local;
    }

    @AfterEach
    void unmount() throws Exception {
        mounted.close();
    }

    private String sh(String line) throws Exception {
        return Shell.succeed(mounted.point, line);
    }

    /** Runs Python, whose calls name the errno they failed with. */
    private String python(String... lines) throws Exception {
        return Shell.run(mounted.point, List.of("python3", "-c", String.join("\n", lines)))
                .output();
    }

    @Test
    void what_is_written_is_read_back() throws Exception {
        sh("dd if=/dev/urandom of=../plain bs=1000003 count=5 status=none && cp ../plain copy && cmp ../plain copy");
        sh("dd if=copy of=../back bs=1M iflag=direct status=none && cmp ../plain ../back");

        assertThat(sh("stat -c %s copy")).isEqualTo("5000015");
        mounted.assertNothingUnexpected();
    }

    @Test
    void writes_go_to_their_offsets_and_appends_to_the_end() throws Exception {
        sh(
                "printf 0123456789 > file && printf ab >> file && printf XY | dd of=file bs=1 seek=3 conv=notrunc status=none");
        assertThat(sh("cat file")).isEqualTo("012XY56789ab");

        sh("truncate -s 5 file");
        assertThat(sh("cat file")).isEqualTo("012XY");

        sh("printf new > file");
        assertThat(sh("cat file")).isEqualTo("new");
    }

    @Test
    void names_are_made_moved_and_removed() throws Exception {
        sh("mkdir -p a/b && echo one > a/b/f && ln -s b/f a/link && mv a/b/f a/b/g && ln -sf b/g a/link");
        assertThat(sh("cat a/link && readlink a/link && find . | sort | tr '\\n' ' '"))
                .isEqualTo("one\nb/g\n. ./a ./a/b ./a/b/g ./a/link");

        sh("echo two > a/h && mv -f a/h a/b/g && cat a/link | grep -q two && rm a/link a/b/g && rmdir a/b a");
        assertThat(sh("ls -A")).isEmpty();
    }

    @Test
    void attributes_are_kept() throws Exception {
        sh("umask 027 && touch file && mkdir directory");
        assertThat(sh("stat -c '%a %F' file directory")).isEqualTo("640 regular empty file\n750 directory");

        sh("chmod 4751 file && chown 12:34 file && touch -d '2001-02-03 04:05:06.123456789 UTC' file");
        assertThat(sh("TZ=UTC stat -c '%u:%g %y' file")).isEqualTo("12:34 2001-02-03 04:05:06.123456789 +0000");

        sh("touch -d '1960-01-01 00:00:00.5 UTC' file");
        assertThat(sh("TZ=UTC stat -c '%y' file")).isEqualTo("1960-01-01 00:00:00.500000000 +0000");
        assertThat(sh("stat -f -c '%S %b %a %l' .")).isEqualTo("4096 268435456 134217728 255");
    }

    @Test
    void large_directories_are_listed_once_each() throws Exception {
        sh("mkdir many && cd many && seq -f 'a-rather-long-name-of-a-file-%g' 1 3000 | xargs touch");

        assertThat(sh("ls -f many | sort -u | wc -l")).isEqualTo("3002");
        assertThat(sh("ls -l many | wc -l")).isEqualTo("3001");
        assertThat(sh("rm -r many && ls -A")).isEmpty();
        mounted.assertNothingUnexpected();
    }

    @Test
    void names_in_any_script_are_names_and_bytes_that_are_no_text_are_not() throws Exception {
        sh("mkdir 'ä 漢字 🌊' && touch 'ä 漢字 🌊/\"$x\"'");
        assertThat(sh("find . -type f")).isEqualTo("./ä 漢字 🌊/\"$x\"");

        assertThat(python(
                        "import os, errno",
                        "for call in (lambda: os.stat(b'\\xff'), lambda: os.mkdir(b'\\xc3')):",
                        "    try: call()",
                        "    except OSError as e: print(errno.errorcode[e.errno])"))
                .isEqualTo("ENOENT\nEILSEQ");
    }

    @Test
    void refusals_have_the_errno_that_programs_expect() throws Exception {
        sh("mkdir full && touch full/file && touch file && ln -s file link");

        assertThat(python(
                        "import os, errno, ctypes, stat",
                        "libc = ctypes.CDLL(None, use_errno=True)",
                        "def c(returned):",
                        "    if returned < 0: raise OSError(ctypes.get_errno(), '')",
                        "for call in (",
                        "    lambda: os.stat('none'), lambda: os.mkdir('full'), lambda: os.rmdir('full'),",
                        "    lambda: os.link('file', 'hard'), lambda: os.mknod('null', stat.S_IFCHR | 0o600, 259),",
                        "    lambda: c(libc.renameat2(-100, b'file', -100, b'link', 1)),",
                        "    lambda: c(libc.renameat2(-100, b'file', -100, b'link', 2)),",
                        "    lambda: os.getxattr('file', 'user.none'), lambda: os.open('full', os.O_RDWR),",
                        "    lambda: os.stat('file/below')):",
                        "    try: print('done', call())",
                        "    except OSError as e: print(errno.errorcode[e.errno])"))
                .isEqualTo("ENOENT\nEEXIST\nENOTEMPTY\nEPERM\nEPERM\nEEXIST\nEINVAL\nENOTSUP\nEISDIR\nENOTDIR");
        mounted.assertNothingUnexpected();
    }

    @Test
    void plain_nodes_are_files() throws Exception {
        assertThat(python(
                        "import os, stat",
                        "os.mknod('node', stat.S_IFREG | 0o640)",
                        "print(oct(os.stat('node').st_mode))"))
                .isEqualTo("0o100640");
        Await.until("no handle is open", () -> mounted.tree.openHandles() == 0);
    }

    @Test
    void an_unlinked_file_lives_while_it_is_open() throws Exception {
        sh(
                "echo still here > file; exec 3<> file; rm file; echo and more >&3; exec 4< /dev/fd/3; cat <&4 | grep -q more");
        Await.until("no handle is open", () -> mounted.tree.openHandles() == 0);
    }

    @Test
    void mappings_read_and_write() throws Exception {
        assertThat(python(
                        "import mmap, os",
                        "open('file', 'wb').write(b'a' * 100000)",
                        "f = open('file', 'r+b')",
                        "m = mmap.mmap(f.fileno(), 0)",
                        "m[70000:70003] = b'xyz'",
                        "m.flush(); m.close(); f.close()",
                        "print(open('file', 'rb').read()[69999:70004])"))
                .isEqualTo("b'axyza'");
    }

    @Test
    void many_programs_at_once_get_what_each_of_them_wrote() throws Exception {
        sh(
                "for i in 1 2 3 4 5 6 7 8; do (mkdir d$i; for n in $(seq 40); do seq $i $n 5000 > d$i/f$n;"
                        + " seq $i $n 5000 | cmp - d$i/f$n || touch wrong; mv d$i/f$n d$i/g$n; done) & done; wait; test ! -e wrong");

        assertThat(sh("find . -type f | wc -l")).isEqualTo("320");
        Await.until("no handle is open", () -> mounted.tree.openHandles() == 0);
        mounted.assertNothingUnexpected();
    }

    @Test
    void a_bug_in_the_tree_is_an_io_error_and_the_mount_goes_on() throws Exception {
        mounted.tree.put("file", "content".getBytes(StandardCharsets.UTF_8));
        mounted.tree.beforeRead = () -> {
            throw new IllegalStateException("a bug, thrown by a test");
        };
        assertThat(Shell.run(mounted.point, "cat file").output()).contains("Input/output error");
        assertThat(mounted.metrics.value(Metric.UNEXPECTED_ERRORS)).isPositive();

        mounted.tree.beforeRead = () -> {};
        assertThat(sh("cat file")).isEqualTo("content");
    }

    @Test
    void the_kernel_gives_every_lookup_back() throws Exception {
        sh("mkdir d && cd d && seq 1 200 | xargs touch && ls -l > /dev/null && stat 1 2 3 > /dev/null && rm 7");
        long directory = mounted.tree.lookup(FileSystemOperations.ROOT, "d").inode();
        mounted.tree.forget(directory, 1);
        assertThat(mounted.tree.lookedUpInodes()).isGreaterThan(100);

        sh("rm -r d");

        Await.until("all lookups are forgotten", () -> mounted.tree.lookedUpInodes() == 0);
        assertThat(mounted.tree.forgottenTooOften()).isZero();
        mounted.assertNothingUnexpected();
    }
}
