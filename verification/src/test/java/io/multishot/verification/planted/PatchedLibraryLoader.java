package io.multishot.verification.planted;

import io.multishot.verification.planted.PatchedLibrary.Result;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.MethodFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Loads this project's classes anew, with a patched library, to run a check against that library in this process. */
final class PatchedLibraryLoader extends URLClassLoader {
    private PatchedLibraryLoader(URL... places) {
        super(places, PatchedLibraryLoader.class.getClassLoader());
    }

    static Result run(Path library, Check check) throws IOException, ReflectiveOperationException {
        URL tests =
                PatchedLibraryLoader.class.getProtectionDomain().getCodeSource().getLocation();
        try (PatchedLibraryLoader loader =
                new PatchedLibraryLoader(library.toUri().toURL(), tests)) {
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(loader.loadClass(check.testClass())))
                                    .filters(MethodFilter.includeMethodNamePatterns(check.testMethods()))
                                    .build(),
                            listener);
            if (listener.getSummary().getTestsStartedCount() == 0) {
                throw new AssertionError(check + " did not run");
            }
            return listener.getSummary().getTotalFailureCount() == 0 ? Result.PASSED : Result.FAILED;
        }
    }

    /** Asks the parent loader last for this project's classes, because the parent has the library as it is. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("io.multishot.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }
}
