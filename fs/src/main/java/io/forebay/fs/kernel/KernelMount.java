package io.forebay.fs.kernel;

import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.base.time.Clock;
import io.forebay.fs.BackingFiles;
import io.forebay.fs.ChangeListener;
import io.forebay.fs.ChangeSource;
import io.forebay.fs.DoorSettings;
import io.forebay.fs.ExtendedAttributes;
import io.forebay.fs.FailureReport;
import io.forebay.fs.FileSystemOperations;
import io.forebay.fs.LocalAnswers;
import io.forebay.fs.Validity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One mount, from its beginning to its end. */
final class KernelMount {
    private static final Logger LOG = LoggerFactory.getLogger(KernelMount.class);

    /** Names and inodes that wait to be forgotten by the kernel; each takes some 100 bytes. */
    private static final int MAX_NOTIFICATIONS = 65_536;

    private static final Path PROCESSES = Path.of("/proc");

    private final Path mountPoint;
    private final FileSystemOperations tree;
    private final DoorSettings settings;
    private final KernelSettings kernelSettings;
    private final FailureReport failures;
    private final Clock clock;

    private final Object lock = new Object();
    /** The number of the mount in the kernel, once it is there; guarded by {@link #lock}, as is what follows. */
    private Optional<String> device = Optional.empty();

    private boolean attached;
    private boolean unwanted;

    /** @param mountPoint without symbolic links */
    KernelMount(
            Path mountPoint,
            FileSystemOperations tree,
            DoorSettings settings,
            KernelSettings kernelSettings,
            FailureReport failures,
            Clock clock) {
        this.mountPoint = mountPoint;
        this.tree = tree;
        this.settings = settings;
        this.kernelSettings = kernelSettings;
        this.failures = failures;
        this.clock = clock;
    }

    /** Mounts, serves until the mount is gone, and leaves nothing behind. */
    void serve(Runnable onReady) throws ForebayException {
        FuseDevice first = Attachment.attach(new MountRequest(mountPoint, settings, kernelSettings.maxReadBytes()));
        ExchangePool pool = new ExchangePool(kernelSettings.maxRequestsUnderWay(), kernelSettings.maxTransferBytes());
        List<FuseDevice> devices = new ArrayList<>(List.of(first));
        try {
            noteAttached();
            converse(shakeHands(first, pool), devices, pool, onReady);
        } finally {
            // What threads still work with cannot be taken from them; it goes with the process.
            if (pool.taken() == 0) {
                devices.forEach(FuseDevice::close);
                pool.close();
            }
        }
    }

    private void noteAttached() {
        Optional<String> number = MountTable.deviceAt(mountPoint.toString());
        boolean unmountNow;
        synchronized (lock) {
            device = number;
            attached = true;
            unmountNow = unwanted;
        }
        if (unmountNow) {
            detach();
        }
    }

    private Negotiation shakeHands(FuseDevice first, ExchangePool pool) throws ForebayException {
        boolean privileged = MountCalls.effectiveUser() == 0;
        Exchange exchange = pool.take();
        try {
            return new Handshake(kernelSettings, privileged, MountCalls.pageBytes()).shake(first, exchange);
        } catch (ForebayException failure) {
            detach();
            throw failure;
        } finally {
            pool.giveBack(exchange);
        }
    }

    /**
     * Answers requests until there are no more.
     *
     * @param devices the first queue; those that are opened beside it are added
     */
    private void converse(Negotiation agreed, List<FuseDevice> devices, ExchangePool pool, Runnable onReady) {
        FuseDevice first = devices.getFirst();
        ReplyEncoder encoder = new ReplyEncoder(
                settings, kernelSettings.fixedTimeouts() || !(tree instanceof Validity validity) ? null : validity);
        AnswerPipes pipes = new AnswerPipes(kernelSettings.readers());
        FileRequests files =
                new FileRequests(tree, encoder, openFiles(agreed, first), pipes, kernelSettings.directIo(), clock);
        DirectoryRequests directories = new DirectoryRequests(tree, encoder);
        LocalAnswers local = tree instanceof LocalAnswers known ? known : LocalAnswers.NONE;
        ExtendedAttributes attributes =
                settings.extendedAttributes() && tree instanceof ExtendedAttributes kept ? kept : null;
        RequestService service = new RequestService(
                new NameRequests(tree, encoder),
                new AttributeRequests(tree, encoder, clock),
                files,
                directories,
                new XattrRequests(attributes, local),
                local,
                failures);
        Interruptions interruptions = new Interruptions(new CallerWatch(PROCESSES), clock);
        Session session = new Session(service, interruptions, admission(), pool, clock, kernelSettings.trace());
        NotificationQueue notifications = new NotificationQueue(first, MAX_NOTIFICATIONS);
        // A platform thread, since the kernel may make it wait within a system call.
        Thread.ofPlatform().name("forebay-kernel-notify").daemon().start(notifications);
        ChangeSource changes = tree instanceof ChangeSource source ? source : _ -> {};
        CountDownLatch running = session.start(queues(devices));
        changes.tell(notifications);
        try {
            device().ifPresent(number -> ReadAhead.set(number, kernelSettings.readAheadBytes()));
            onReady.run();
        } catch (RuntimeException | Error failure) {
            detach();
            throw failure;
        } finally {
            awaitEnd(running);
            changes.tell(ChangeListener.NONE);
            notifications.close();
            if (session.ending() != ReadOutcome.ENDED || isDead()) {
                detach();
            }
            drain(pool);
            // One that a request still holds goes with the process.
            pipes.close();
            files.releaseAll();
            directories.releaseAll();
        }
    }

    private OpenFiles openFiles(Negotiation agreed, FuseDevice first) {
        BackingFiles backing = tree instanceof BackingFiles files ? files : BackingFiles.NONE;
        return new OpenFiles(backing, agreed.passthrough() ? first : BackingRegistry.CLOSED);
    }

    private Admission admission() {
        return settings.allowRoot() ? Admission.rootAnd(MountCalls.effectiveUser()) : Admission.EVERYBODY;
    }

    /** One queue for each reader; where no more can be had, readers share the first. */
    private List<FuseDevice> queues(List<FuseDevice> devices) {
        FuseDevice first = devices.getFirst();
        List<FuseDevice> queues = new ArrayList<>(devices);
        while (queues.size() < kernelSettings.readers()) {
            Optional<FuseDevice> clone = first.cloned();
            clone.ifPresent(devices::add);
            queues.add(clone.orElse(first));
        }
        return queues;
    }

    private void awaitEnd(CountDownLatch running) {
        boolean interrupted = false;
        while (true) {
            try {
                running.await();
                break;
            } catch (InterruptedException stop) {
                interrupted = true;
                unmount();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for requests that are still being served; what they do is work of the tree, and not to be cut off. */
    private void drain(ExchangePool pool) {
        try {
            if (!pool.awaitAll(kernelSettings.drainLimit())) {
                LOG.warn("requests outlive their mount under_way={}", pool.taken());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Detaches the mount; {@link #serve} returns when its last user is gone. */
    void unmount() {
        boolean mountedNow;
        synchronized (lock) {
            unwanted = true;
            mountedNow = attached;
        }
        if (mountedNow) {
            detach();
        }
    }

    private Optional<String> device() {
        synchronized (lock) {
            return device;
        }
    }

    /** Whether our mount is still in the tree, although its connection has ended. Its number may be another's by now. */
    private boolean isDead() {
        if (!isThere()) {
            return false;
        }
        try {
            Files.readAttributes(mountPoint, BasicFileAttributes.class);
            return false;
        } catch (IOException failure) {
            return LocalDisk.reason(failure).contains("not connected");
        }
    }

    private boolean isThere() {
        Optional<String> ours = device();
        return ours.isPresent() && MountTable.deviceAt(mountPoint.toString()).equals(ours);
    }

    /** Unless something else is mounted there by now. */
    private void detach() {
        if (!isThere()) {
            return;
        }
        try {
            Attachment.detach(mountPoint);
        } catch (ForebayException failure) {
            LOG.warn("cannot unmount reason={}", failure.getMessage());
        }
    }
}
