package io.multishot;

import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application that was undeployed must not stay loaded because it made the first sender in the JVM. */
@Tag("leak")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class LeakDetectorLoaderTest {
    /** Makes a sender, and uses it. */
    public static final class Application implements Runnable {
        @Override
        public void run() {
            new Receiver<Integer>().sender().send(1);
        }
    }

    @Test
    void theFirstUserOfTheDetectorIsNotKeptLoaded() throws Exception {
        try (FreshLibrary library = new FreshLibrary(true)) {
            WeakReference<ClassLoader> application = runApplication(library);
            Garbage.collectUntilGone(application, library);
        }
    }

    /** Runs the application on a thread of its own, which has ended on return. */
    private static WeakReference<ClassLoader> runApplication(FreshLibrary library) throws Exception {
        Runnable application = (Runnable) library.user(Application.class);
        ClassLoader loader = application.getClass().getClassLoader();
        Thread thread = new Thread(application);
        thread.setContextClassLoader(loader);
        thread.start();
        thread.join();
        return new WeakReference<>(loader);
    }
}
