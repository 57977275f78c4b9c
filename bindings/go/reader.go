package bhashatts

import "io"

// An AudioReader reads a Speech's audio and keeps the Speech alive. It implements io.Reader,
// io.Seeker, io.ReaderAt and io.WriterTo, as http.ServeContent and io.Copy like it. One goroutine at
// a time may use it (ReadAt: any); a Speech may have any number of them. All methods fail with
// ErrClosed once the Speech is closed.
type AudioReader struct {
	speech *Speech
	at     int64
}

// Read implements io.Reader.
func (r *AudioReader) Read(to []byte) (int, error) {
	n, err := r.copyTo(to, r.at)
	r.at += int64(n)
	return n, err
}

// ReadAt implements io.ReaderAt.
func (r *AudioReader) ReadAt(to []byte, at int64) (int, error) {
	if at < 0 {
		return 0, badRequest("there is nothing before the beginning of the audio")
	}
	n, err := r.copyTo(to, at)
	if err == nil && n < len(to) {
		err = io.EOF
	}
	return n, err
}

func (r *AudioReader) copyTo(to []byte, at int64) (int, error) {
	if err := r.speech.use(); err != nil {
		return 0, err
	}
	defer r.speech.done()
	audio := r.speech.audio
	switch {
	case len(to) == 0:
		return 0, nil
	case at >= int64(len(audio)):
		return 0, io.EOF
	}
	return copy(to, audio[at:]), nil
}

// Seek implements io.Seeker.
func (r *AudioReader) Seek(offset int64, whence int) (int64, error) {
	if err := r.speech.use(); err != nil {
		return 0, err
	}
	defer r.speech.done()
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += int64(len(r.speech.audio))
	default:
		return 0, badRequest("whence is none of io.SeekStart, io.SeekCurrent and io.SeekEnd")
	}
	if offset < 0 {
		return 0, badRequest("there is nothing before the beginning of the audio")
	}
	r.at = offset
	return offset, nil
}

// WriteTo implements io.WriterTo: it writes what is left, without copying it. The speech may be used,
// and closed, meanwhile; by the writer too.
func (r *AudioReader) WriteTo(to io.Writer) (int64, error) {
	if err := r.speech.use(); err != nil {
		return 0, err
	}
	defer r.speech.done()
	audio := r.speech.audio
	if r.at >= int64(len(audio)) {
		return 0, nil
	}
	left := audio[r.at:]
	n, err := to.Write(left)
	if n < len(left) && err == nil {
		err = io.ErrShortWrite
	}
	r.at += int64(n)
	return int64(n), err
}
