package dev.ermine.region;

import dev.ermine.region.Sources.Content;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The file in which officers declare regions and agreements, on its way into {@link Regions}. */
public final class RegionsFile {

  /** Control characters other than tab and line breaks. */
  private static final Pattern ODD = Pattern.compile("[\\p{Cc}&&[^\\t\\r\\n]]");

  private RegionsFile() {}

  /**
   * Reads the file and all that it names.
   *
   * @param certs the directory of the files that it names
   * @param stage which of their keys are believed
   */
  public static Reading read(Path regionsYaml, Path certs, Stage stage) {
    return read(new Sources(regionsYaml, certs), stage);
  }

  static Reading read(Sources sources, Stage stage) {
    Faults faults = new Faults(Fault.REGIONS);
    Optional<Place> root =
        text(sources.file(), faults).flatMap(text -> YamlTree.read(text, faults)).map(Place::root);
    root.ifPresent(place -> check(place, sources, stage, faults));
    Optional<LabellingFile> lists = root.flatMap(place -> labelling(place, sources, faults));
    List<Fault> all =
        Stream.concat(faults.sorted().stream(), lists.stream().flatMap(it -> it.faults().stream()))
            .toList();
    return root.isPresent() && all.isEmpty()
        ? new Reading.Loaded(
            new RegionsBinding(sources)
                .regions(root.get(), lists.map(LabellingFile::labelling).orElse(Labelling.NONE)))
        : new Reading.Faulty(all);
  }

  /** The lists of codes that it names, if they could be read at all. */
  private static Optional<LabellingFile> labelling(Place root, Sources sources, Faults faults) {
    Place name = root.member("labelling");
    return name.isText() && !faults.told(name.at())
        ? Optional.of(LabellingFile.read(name.text(), sources.named(name.text())))
        : Optional.empty();
  }

  /** The hashes of the files that it names, as its `files` should have them. */
  public static Listing files(Path regionsYaml, Path certs) {
    Sources sources = new Sources(regionsYaml, certs);
    Reading reading = read(sources, Stage.SANDBOX);
    List<Fault> others =
        reading instanceof Reading.Faulty(List<Fault> faults)
            ? faults.stream().filter(fault -> !isOfFiles(fault)).toList()
            : List.of();
    return new Listing(sources.hashes(), others);
  }

  /**
   * What {@code files} should be.
   *
   * @param hashes SHA-256, hex, by the files' names
   * @param faults what else is wrong with the file, for which it cannot be said
   */
  public record Listing(SortedMap<String, String> hashes, List<Fault> faults) {
    public Listing {
      hashes = Collections.unmodifiableSortedMap(hashes);
      faults = List.copyOf(faults);
    }
  }

  private static boolean isOfFiles(Fault fault) {
    return fault.path().equals("files") || fault.path().startsWith("files.");
  }

  /** The text, unless it cannot be read on; then its faults are told. */
  static Optional<String> text(Content content, Faults faults) {
    return switch (content) {
      case Content.Unreadable(String why) -> {
        faults.add(1, why);
        yield Optional.empty();
      }
      case Content.Read read -> utf8(read.bytes(), faults).filter(text -> isPlain(text, faults));
    };
  }

  private static Optional<String> utf8(byte[] bytes, Faults faults) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      faults.add(1, "is not UTF-8 text; save it as UTF-8");
      return Optional.empty();
    }
  }

  /** Whether the text may be read on; a pasted key is told whatever else is wrong. */
  private static boolean isPlain(String text, Faults faults) {
    Secrets.lines(text).forEach(line -> faults.add(line, Secrets.FAULT));
    Matcher odd = ODD.matcher(text);
    if (text.startsWith("\uFEFF")) {
      faults.add(1, "begins with a byte order mark; save it without");
    } else if (odd.find()) {
      faults.add(line(text, odd.start()), "has a control character, such as NUL; take it out");
    } else {
      return true;
    }
    return false;
  }

  /** The line, from 1, in which that character stands. */
  static int line(String text, int index) {
    return 1 + (int) text.chars().limit(index).filter(c -> c == '\n').count();
  }

  private static void check(Place root, Sources sources, Stage stage, Faults faults) {
    FileSchema.REGIONS.check(root.node(), faults);
    new RegionChecks(sources, stage, faults).check(root);
    new AgreementChecks(faults).check(root);
    new EditionChecks(faults).check(root, sources);
  }
}
