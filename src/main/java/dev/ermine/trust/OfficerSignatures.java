package dev.ermine.trust;

import dev.ermine.region.Approval;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The judgement of detached signatures by officers' keys. An officer counts once, however many
 * lines there are, and only by their own key; a line that is not good spoils no other.
 */
public final class OfficerSignatures implements Approval {

  private static final ZoneId LONDON = ZoneId.of("Europe/London");

  /** Far more lines than officers: what lies beyond is not looked at. */
  private static final int MAX_LINES = 50;

  private static final String NO_FORM =
      "is no line `header..signature` whose header has `alg`, `kid` and `typ` alone; have it signed"
          + " again";

  private final Map<String, Signatory> officers = new HashMap<>();
  private final InstantSource clock;

  /**
   * @param officers each with an id and a key of their own
   */
  public OfficerSignatures(Collection<Signatory> officers, InstantSource clock) {
    officers.forEach(officer -> this.officers.put(officer.id(), officer));
    this.clock = clock;
  }

  /** The officers who have another's key, with that other: whoever holds it could sign for both. */
  public static Map<String, String> sharing(Collection<Signatory> officers) {
    Map<String, String> owners = new HashMap<>();
    Map<String, String> sharing = new LinkedHashMap<>();
    for (Signatory officer : officers) {
      String owner = owners.putIfAbsent(officer.key().thumbprint(), officer.id());
      if (owner != null) {
        sharing.put(officer.id(), owner);
      }
    }
    return sharing;
  }

  @Override
  public Signers signers(Kind kind, byte[] file, byte[] signatures) {
    Set<String> signers = new TreeSet<>();
    List<Flaw> flaws = new ArrayList<>();
    List<String> lines = new String(signatures, StandardCharsets.ISO_8859_1).lines().toList();
    LocalDate today = clock.instant().atZone(LONDON).toLocalDate();
    for (int i = 0; i < Math.min(lines.size(), MAX_LINES); i++) {
      int line = i + 1;
      Optional<DetachedSignature> signature = DetachedSignature.read(lines.get(i));
      signature
          .map(it -> flaw(it, kind, file, today))
          .orElse(Optional.of(NO_FORM))
          .ifPresentOrElse(
              message -> flaws.add(new Flaw(line, message)),
              () -> signers.add(signature.orElseThrow().officer()));
    }
    if (lines.size() > MAX_LINES) {
      flaws.add(new Flaw(MAX_LINES + 1, "and what follows is not looked at; take out what is old"));
    }
    return new Signers(signers, flaws);
  }

  /** Why the signature does not count. */
  private Optional<String> flaw(
      DetachedSignature signature, Kind kind, byte[] file, LocalDate today) {
    Signatory officer = officers.get(signature.officer());
    if (officer == null) {
      return Optional.of("is of " + shown(signature.officer()) + ", who is no officer here");
    }
    String whose = "is of " + shown(officer.id());
    Optional<String> silence = officer.tenure().silence(today);
    if (silence.isPresent()) {
      return Optional.of(whose + ", whose key " + silence.get());
    }
    if (!signature.type().equals(DetachedSignature.type(kind))) {
      return Optional.of(
          whose
              + ", and for another kind of file; its `typ` is not `%s`"
                  .formatted(DetachedSignature.type(kind)));
    }
    if (!signature.algorithm().equals(officer.key().algorithm().code())) {
      return Optional.of(
          whose + ", whose key signs with `" + officer.key().algorithm() + "` alone");
    }
    return signature.isOf(file, officer.key())
        ? Optional.empty()
        : Optional.of(
            whose + ", but not under this file, or not with this key; have it signed again");
  }

  private static String shown(String officer) {
    return Signatory.isId(officer) ? "`" + officer + "`" : "somebody";
  }
}
