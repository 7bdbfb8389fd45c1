package main

import (
	"context"
	"errors"
	"io/fs"

	"muontra/store/backup"
	"muontra/web"
)

// backups are the keeper as the pages see it.
type backups struct{ *backup.Keeper }

func (b backups) State() web.BackupState {
	s := b.Keeper.State()
	_, err := b.Keeper.Secret()
	return web.BackupState{
		Folder: s.Folder, Local: s.Local.At, Outside: s.Outside.At,
		LocalTrouble: string(s.LocalTrouble), OutsideTrouble: string(s.OutsideTrouble),
		Rehearsed: s.Last.At, RehearsedFile: s.Last.File, RehearsalTrouble: string(s.Last.Trouble),
		HasKey: err == nil, Printed: s.Printed,
	}
}

func (b backups) Choose(ctx context.Context, folder string) error {
	err := b.Keeper.Choose(ctx, folder)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, backup.ErrNotAFolder):
		return &web.FolderError{Code: "missing"}
	case errors.Is(err, backup.ErrInside):
		return &web.FolderError{Code: "inside"}
	case errors.Is(err, backup.ErrOtherSchool):
		return &web.FolderError{Code: "other"}
	}
	switch backup.TroubleOf(err) {
	case backup.Full, backup.ReadOnly:
		return &web.FolderError{Code: "write"}
	}
	return err
}

func (b backups) Secret() (string, error) {
	s, err := b.Keeper.Secret()
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return s, err
}
