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
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files that one reading rests on: {@code regions.yaml} and what it names. Each is read once,
 * so that all checks see the same bytes.
 */
final class Sources {

  /** What the name of a file's signatures ends with. */
  static final String SIGNATURES = ".jws";

  /** What a file may have, in bytes. */
  static final int LIMIT = 1 << 20;

  private final Path regionsYaml;
  private final Path certs;
  private final Signed file;
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

  /** A file, and what stands beside it as its signatures. */
  record Signed(Content file, Content signatures) {

    private static final Content ABSENT = new Content.Unreadable("does not exist");

    static Signed read(Path path) {
      return new Signed(
          Sources.read(path), Sources.read(path.resolveSibling(path.getFileName() + SIGNATURES)));
    }

    boolean isAbsent() {
      return file.equals(ABSENT);
    }

    boolean isUnsigned() {
      return signatures.equals(ABSENT);
    }
  }

  Sources(Path regionsYaml, Path certs) {
    this.regionsYaml = regionsYaml;
    this.certs = certs;
    this.file = Signed.read(regionsYaml);
  }

  /** The content of {@code regions.yaml}, and its signatures. */
  Signed signed() {
    return file;
  }

  /** The content of {@code regions.yaml}. */
  Content file() {
    return file.file();
  }

  /** The content of a file of that name under the directory of certificates. */
  Content named(String name) {
    return named.computeIfAbsent(name, this::readNamed);
  }

  /** The SHA-256, hex, of every file that was asked for by its name and could be read. */
  SortedMap<String, String> hashes() {
    SortedMap<String, String> hashes = new TreeMap<>();
    named.forEach(
        (name, content) -> {
          if (content instanceof Content.Read read) {
            hashes.put(name, Hash.hex(read.bytes()));
          }
        });
    return hashes;
  }

  /** Whether any of the files that were looked at would now be read differently. */
  boolean changed() {
    return !file.equals(Signed.read(regionsYaml))
        || named.entrySet().stream()
            .anyMatch(entry -> !entry.getValue().equals(readNamed(entry.getKey())));
  }

  /** SHA-256, hex, over the file and, in the order of their names, all that it names. */
  String hash() {
    MessageDigest digest = Hash.digest();
    update(digest, file());
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
}
