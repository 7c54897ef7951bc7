package dev.ermine.region;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files that one reading rests on: {@code regions.yaml} and what it names. Each is read once,
 * so that all checks see the same bytes.
 */
final class Sources {

  private static final int LIMIT = 1 << 20;

  private final Path regionsYaml;
  private final Path certs;
  private final Content file;
  private final Map<String, Content> named = new TreeMap<>();

  /** What a file held when it was looked at. */
  sealed interface Content {

    /**
     * All its bytes.
     *
     * @param latin1 each byte as the character of its value, so that contents compare
     */
    record Read(String latin1) implements Content {
      byte[] bytes() {
        return latin1.getBytes(ISO_8859_1);
      }
    }

    /** A file that cannot be used, and why: a predicate without its subject. */
    record Unreadable(String why) implements Content {}
  }

  Sources(Path regionsYaml, Path certs) {
    this.regionsYaml = regionsYaml;
    this.certs = certs;
    this.file = read(regionsYaml);
  }

  /** The content of {@code regions.yaml}. */
  Content file() {
    return file;
  }

  /** The content of a file of that name under the directory of certificates. */
  Content named(String name) {
    return named.computeIfAbsent(name, this::readNamed);
  }

  /** Whether any of the files that were looked at would now be read differently. */
  boolean changed() {
    return !file.equals(read(regionsYaml))
        || named.entrySet().stream()
            .anyMatch(entry -> !entry.getValue().equals(readNamed(entry.getKey())));
  }

  /** SHA-256, hex, over the file and, in the order of their names, all that it names. */
  String hash() {
    MessageDigest digest = sha256();
    update(digest, file);
    named.forEach(
        (name, content) -> {
          update(digest, name.getBytes(UTF_8));
          update(digest, content);
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  private Content readNamed(String name) {
    try {
      Path real = certs.resolve(name).toRealPath();
      return real.startsWith(certs.toRealPath())
          ? read(real)
          : new Content.Unreadable("leads out of the directory of certificates");
    } catch (IOException e) {
      return unreadable(e);
    }
  }

  private static Content read(Path path) {
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        return new Content.Unreadable("is not a file");
      }
      try (InputStream in = Files.newInputStream(path)) {
        byte[] bytes = in.readNBytes(LIMIT + 1);
        return bytes.length > LIMIT
            ? new Content.Unreadable("is larger than 1 MiB")
            : new Content.Read(new String(bytes, ISO_8859_1));
      }
    } catch (IOException e) {
      return unreadable(e);
    }
  }

  private static Content unreadable(IOException e) {
    return new Content.Unreadable(
        e instanceof NoSuchFileException
            ? "does not exist"
            : "cannot be read; look at its permissions");
  }

  private static void update(MessageDigest digest, Content content) {
    switch (content) {
      case Content.Read read -> update(digest, read.bytes());
      case Content.Unreadable _ -> digest.update((byte) -1);
    }
  }

  /** Adds the length before the bytes, so that no two lists of files look the same. */
  private static void update(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
