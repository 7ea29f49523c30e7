package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The metadata for native images names each field that a VarHandle is made for. */
class NativeImageTest {
    private static final String METADATA = "META-INF/native-image/io.multishot/multishot/reflect-config.json";
    private static final Pattern CLASS_OR_FIELD = Pattern.compile("\"name\": \"([^\"]+)\"(, \"fields\")?");

    @Test
    void theMetadataNamesTheFieldsOfAllVarHandles() throws Exception {
        assertThat(fieldsInTheMetadata()).containsExactlyInAnyOrderElementsOf(fieldsOfVarHandles());
    }

    private static List<String> fieldsInTheMetadata() throws IOException, URISyntaxException {
        List<String> fields = new ArrayList<>();
        String owner = "none";
        Matcher names = CLASS_OR_FIELD.matcher(Files.readString(library().resolve(METADATA)));
        while (names.find()) {
            if (names.group(2) == null) {
                fields.add(owner + "." + names.group(1));
            } else {
                owner = names.group(1);
            }
        }
        return fields;
    }

    private static List<String> fieldsOfVarHandles() throws Exception {
        List<String> fields = new ArrayList<>();
        for (Class<?> type : classes()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getType() == VarHandle.class && Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    VarHandle handle = (VarHandle) field.get(null);
                    var description = handle.describeConstable().orElseThrow();
                    if (description.bootstrapMethod().equals(ConstantDescs.BSM_VARHANDLE_FIELD)) {
                        String owner = handle.coordinateTypes().get(0).getName();
                        fields.add(owner + "." + description.constantName());
                    }
                }
            }
        }
        return fields;
    }

    private static List<Class<?>> classes() throws Exception {
        Path library = library();
        List<Class<?>> classes = new ArrayList<>();
        try (var files = Files.walk(library.resolve("io"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = library.relativize(file).toString().replaceAll("[/\\\\]", ".");
                classes.add(Class.forName(name.substring(0, name.length() - ".class".length())));
            }
        }
        return classes;
    }

    private static Path library() throws URISyntaxException {
        return Path.of(Receiver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
