package dev.ermine.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ermine.region.Approval.Kind;
import dev.ermine.region.RegionsFile;
import dev.ermine.region.SignableFile;
import dev.ermine.trust.OfficerKey;
import dev.ermine.trust.OfficerSigner;
import dev.ermine.trust.Signatory;
import dev.ermine.trust.Tenure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Officers who sign what tests bring into force, each with a pair of keys in one directory. */
public final class Officers {

  private final Path directory;
  private final Map<String, OfficerSigner> signers = new LinkedHashMap<>();

  /** Officers of those ids, with keys made now: {@code alice.jwk.json} and her private one. */
  public Officers(Path directory, String... ids) {
    this.directory = directory;
    for (String id : ids) {
      OfficerSigner.Pair pair = OfficerSigner.pair(id);
      write(publicKey(id), pair.publicKey());
      write(privateKey(id), pair.privateKey());
      signers.put(id, OfficerSigner.read(id, privateKey(id)));
    }
  }

  /** The file of an officer's public key. */
  public Path publicKey(String id) {
    return directory.resolve(id + ".jwk.json");
  }

  /** The file of an officer's private key. */
  public Path privateKey(String id) {
    return directory.resolve(id + ".private.json");
  }

  /** The properties by which a gateway knows them. */
  public Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    signers
        .keySet()
        .forEach(id -> properties.put("ermine.officers." + id + ".key", publicKey(id).toString()));
    return properties;
  }

  /** The officer, with no end to the key. */
  public Signatory officer(String id) {
    return new Signatory(id, OfficerKey.readPublic(publicKey(id)), Tenure.ALWAYS);
  }

  /** All of them. */
  public List<Signatory> all() {
    return signers.keySet().stream().map(this::officer).toList();
  }

  /** The line that an officer signs those bytes with. */
  public String line(String id, Kind kind, byte[] file) {
    return signers.get(id).sign(kind, file);
  }

  /** Writes the file with the signatures of these, beside each other and then in place. */
  public void sign(Kind kind, Path file, String text, String... ids) {
    List<String> lines = new ArrayList<>();
    for (String id : ids) {
      lines.add(line(id, kind, text.getBytes(UTF_8)));
    }
    write(
        SignableFile.signaturesOf(file),
        lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    write(file, text);
  }

  /** The text with terms that it can be signed under: an end, and the hashes of what it names. */
  public static String bound(String text, Path certs, Instant from, Instant until) {
    Path file = certs.resolve("bound.yaml");
    write(file, text);
    String files =
        RegionsFile.files(file, certs).hashes().entrySet().stream()
            .map(entry -> "  " + entry.getKey() + ": " + entry.getValue() + "\n")
            .collect(Collectors.joining());
    return text + "\nvalid: { from: " + from + ", until: " + until + " }\nfiles:\n" + files;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
