package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.InputStream;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application that was undeployed must not stay loaded because it made the first sender in the JVM. */
@Tag("leak")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class LeakDetectorLoaderTest {
    /** A part of the application. */
    public static final class Application implements Runnable {
        @Override
        public void run() {
            new Receiver<Integer>().sender().send(1);
        }
    }

    /** Loads the application itself, and everything else through its parent. */
    private static final class ApplicationLoader extends ClassLoader {
        ApplicationLoader(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!name.equals(Application.class.getName())) {
                throw new ClassNotFoundException(name);
            }
            try (InputStream in = LeakDetectorLoaderTest.class
                    .getClassLoader()
                    .getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (java.io.IOException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }

    @Test
    void theFirstUserOfTheDetectorIsNotKeptLoaded() throws Exception {
        URL library = Receiver.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader shared = new URLClassLoader(new URL[] {library}, null)) {
            shared.setDefaultAssertionStatus(true);
            WeakReference<ClassLoader> application = runApplication(shared);
            await().until(() -> {
                System.gc();
                return application.refersTo(null);
            });
            Class<?> checks = Class.forName("io.multishot.Checks", true, shared);
            assertThat(checks.getClassLoader())
                    .as("the library is still loaded, by a loader of its own")
                    .isSameAs(shared);
            Reference.reachabilityFence(shared);
        }
    }

    /** Runs the application on a thread of its own, which has ended on return. */
    private static WeakReference<ClassLoader> runApplication(ClassLoader shared) throws Exception {
        ClassLoader loader = new ApplicationLoader(shared);
        Runnable application = (Runnable) Class.forName(Application.class.getName(), true, loader)
                .getDeclaredConstructor()
                .newInstance();
        Thread thread = new Thread(application);
        thread.setContextClassLoader(loader);
        thread.start();
        thread.join();
        return new WeakReference<>(loader);
    }
}
