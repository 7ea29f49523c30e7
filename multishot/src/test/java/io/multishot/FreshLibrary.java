package io.multishot;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;

/** The library, loaded anew, so that it reads its settings anew and starts its threads anew; and its users. */
final class FreshLibrary implements AutoCloseable {
    private final URLClassLoader loader;

    FreshLibrary(boolean assertions) {
        URL library = Receiver.class.getProtectionDomain().getCodeSource().getLocation();
        loader = new URLClassLoader(new URL[] {library}, null);
        loader.setDefaultAssertionStatus(assertions);
    }

    /** Makes an instance of this class, which a loader of its own has loaded, and which uses the fresh library. */
    Object user(Class<?> user) throws ReflectiveOperationException {
        return Class.forName(user.getName(), true, new UserLoader(loader, user))
                .getDeclaredConstructor()
                .newInstance();
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }

    /** Returns the class file of a class of the library or its tests, for loaders that define it anew. */
    static byte[] classFile(String name) throws ClassNotFoundException {
        try (InputStream in =
                FreshLibrary.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }

    private static final class UserLoader extends ClassLoader {
        private final Class<?> user;

        UserLoader(ClassLoader parent, Class<?> user) {
            super(parent);
            this.user = user;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!name.equals(user.getName())) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = classFile(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
